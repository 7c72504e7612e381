"""One module for each outside thing: Triton's generator and the model's chat template."""
