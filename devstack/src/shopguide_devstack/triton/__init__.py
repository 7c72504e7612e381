"""Starts the Triton server of the nvidia-pytriton wheel on a model repository."""
