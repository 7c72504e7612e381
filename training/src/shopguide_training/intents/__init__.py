"""The intent and sentiment heads: corpus, training, evaluation."""
