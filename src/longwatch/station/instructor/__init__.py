"""The way to the simulation's own interface, for instructors alone."""
