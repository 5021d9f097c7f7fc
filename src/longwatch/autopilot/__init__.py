"""How the aircraft thinks: from sensor records and its own memory to commands, nothing else.

What it knows of the world is what it carries: the Earth model, its datasheet, the loaded plan
with its runways, and the fuel and payload that the crew entered.
"""
