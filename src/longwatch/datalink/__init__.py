"""What a link does to what travels on it: rate, delay, loss, cut."""
