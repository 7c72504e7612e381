"""The rules of the check, applied in this order: quotations, absences, echoes, figures, attributes, comparisons, leftovers."""
