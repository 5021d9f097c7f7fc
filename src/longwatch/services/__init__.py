"""The vehicle's side of MAVLink, one file a microservice.

Services tell only what the aircraft itself knows (sensors, estimate, plan, datasheet) and change
it by orders alone, so that a journal of the orders repeats the run.
"""
