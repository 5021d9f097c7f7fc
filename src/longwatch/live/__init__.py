"""Aircraft that are flown live: the server, its pacing, its journal, and the ways in.

Everything here lies at the edge: wall time, sockets, files and the console. What changes an
aircraft goes through ``Simulation.order`` and stands in the journal, so that a run can be
repeated without any of it.
"""
