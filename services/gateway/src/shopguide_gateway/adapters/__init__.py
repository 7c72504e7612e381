"""The services and the token vault that the gateway talks to."""
