"""Imports catalogues from files: rows are read lazily, mapped, sent as a stream; bad ones are reported with their lines."""
