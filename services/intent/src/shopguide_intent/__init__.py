"""The intent service: what a shopper wants, in typed and calibrated form."""
