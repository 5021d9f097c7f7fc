"""The ground control station: a web server that speaks MAVLink to vehicles and to browsers as
docs/station-wire.md says. It never imports the simulation."""
