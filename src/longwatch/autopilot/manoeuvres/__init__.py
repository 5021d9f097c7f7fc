"""What is flown: phases, mission, take-off, approach, landing, glide, and what the crew guides."""
