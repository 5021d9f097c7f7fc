"""Steady flight and small motions about it, out of the same compiled model that flies."""
