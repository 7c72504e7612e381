"""The generation service: writes grounded shopping advice from typed facts."""
