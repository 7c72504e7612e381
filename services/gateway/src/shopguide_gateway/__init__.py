"""The gateway of shopguide: one API, four services behind it, conversations held by nobody but the client."""

__version__ = "0.1.0"
