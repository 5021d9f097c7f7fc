"""The crew's watch: timers and repeating checks, notes for the next crew."""
