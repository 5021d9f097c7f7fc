"""The way in from Python: fly a mission, keep what came of it."""
