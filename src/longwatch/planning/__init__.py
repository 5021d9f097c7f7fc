"""Mission files read, judged, fitted and resolved into the plan that goes aboard."""

from longwatch.planning.flight_plan import judge_file, plan_flight
from longwatch.planning.judge import judge
from longwatch.planning.mission_file import read_mission

__all__ = ["judge", "judge_file", "plan_flight", "read_mission"]
