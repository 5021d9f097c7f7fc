"""Mission files read, judged, fitted and resolved into the plan that goes aboard."""

from longwatch.planning.flight_plan import plan_flight

__all__ = ["plan_flight"]
