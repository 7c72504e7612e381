"""What is written and why: plans, wording and grounding, free of transport and engines."""
