"""How the aircraft moves: mass, aerodynamics, propulsion, servos, wheels, the rigid body."""
