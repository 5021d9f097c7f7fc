"""The vehicles as MAVLink tells of them: links, quantities, alerts, commands, plans."""
