"""What every shopguide server shares: settings, logs, metrics, errors, deadlines, admission, drain."""

__version__ = "0.1.0"
