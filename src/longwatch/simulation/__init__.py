"""One clock for all: the vehicle's record, its tick, runs and fleets."""
