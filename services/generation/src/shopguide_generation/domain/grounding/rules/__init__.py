"""The rules of the check, in this order: quotations, absences, echoes, figures, attributes, comparisons, leftovers."""
