"""The one-machine stack of shopguide: what runs on a laptop instead of clusters and GPUs."""
