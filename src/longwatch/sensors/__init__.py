"""What the aircraft feels: the only things that the autopilot may read.

Each sensor declares its sample and how it is taken from the aircraft's motion. None of them
imports flight or environment, so that importing a sample's type never leads to the truth.
Errors are nil as yet; the channels, the divisors of the tick and the wall are in place.
"""
