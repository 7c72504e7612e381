"""The learned ranker of retrieval: lists of candidates with judgments or clicks, fits, and how good they are."""
