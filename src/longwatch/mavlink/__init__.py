"""The language of MAVLink: dialect, frames, links, routing. Knows nothing of aircraft."""
