"""Longwatch: a long-endurance unmanned aircraft system on one simulated clock."""
