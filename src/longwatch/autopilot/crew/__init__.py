"""What the crew may ask for: modes, and the ways into, between and out of them."""
