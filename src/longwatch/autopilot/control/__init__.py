"""From where to fly to what to move: guidance, energy, inner loops, engines, servos."""
