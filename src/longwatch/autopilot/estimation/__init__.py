"""What the aircraft takes itself to be.

Channels voted upon, navigation, airspeed, dead reckoning.
"""
