"""Logs shown on the live screens."""
