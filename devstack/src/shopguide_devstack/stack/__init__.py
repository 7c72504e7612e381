"""The one-machine stack: every part as a process of its own, under one supervisor that restarts what dies."""
