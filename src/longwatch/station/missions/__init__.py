"""Missions: opened, kept, judged."""
