"""Prepares the weights of the two served models, once, into ``$SHOPGUIDE_HOME/models``."""
