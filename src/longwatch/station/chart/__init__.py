"""What the map is drawn from."""
