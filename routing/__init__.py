"""Plan deliveries on real roads, and plan the rest of the day again when it changes.

Data flows one way: osm → network → travel → problem → plan → events → replan → export → interface. Names are loaded
when they are first used, so that `import routing` itself reads nothing and is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from routing.errors import InputError, Issue, RoutingError, SolveError, UnavailableError, ViolationsError
    from routing.interface.read_problem import read_problem
    from routing.interface.write_problem import write_problem
    from routing.network.bridge import from_networkx, to_networkx
    from routing.network.build import build_network
    from routing.network.location import Location
    from routing.network.profile import Profile
    from routing.network.road_network import RoadNetwork
    from routing.network.save import load_network, save_network
    from routing.network.snap import snap
    from routing.osm.read import read_osm
    from routing.plan.cost_split import CostSplit, split_cost
    from routing.plan.explain_stop import explain_stop
    from routing.plan.explanation import Explanation
    from routing.plan.model import Plan
    from routing.plan.options import SolveOptions
    from routing.plan.repair import repair
    from routing.plan.solve import solve
    from routing.plan.verify import verify
    from routing.problem.access_walk import AccessWalk
    from routing.problem.driving_rules import DrivingClocks, DrivingRules, eu_561
    from routing.problem.model import Break, Depot, Objective, Problem, Shipment, Stop, TimeWindow, Vehicle
    from routing.problem.travel import MatrixTravel
    from routing.travel.apply import apply_conditions
    from routing.travel.conditions import (
        AlongLine,
        BetweenNodes,
        Closure,
        InPolygon,
        OnWay,
        Reopening,
        Slowdown,
        Weather,
    )
    from routing.travel.drive import drive
    from routing.travel.matrix import TravelMatrix, travel_matrix
    from routing.travel.metric import Metric
    from routing.travel.road_travel import RoadTravel
    from routing.travel.speed_table import DayRows, SpeedTable, free_flow, time_of_day

__version__ = "0.1.0"

_HOME = {
    "routing.errors": (
        "InputError",
        "Issue",
        "RoutingError",
        "SolveError",
        "UnavailableError",
        "ViolationsError",
    ),
    "routing.interface.read_problem": ("read_problem",),
    "routing.interface.write_problem": ("write_problem",),
    "routing.network.bridge": ("from_networkx", "to_networkx"),
    "routing.network.build": ("build_network",),
    "routing.network.location": ("Location",),
    "routing.network.profile": ("Profile",),
    "routing.network.road_network": ("RoadNetwork",),
    "routing.network.save": ("load_network", "save_network"),
    "routing.network.snap": ("snap",),
    "routing.osm.read": ("read_osm",),
    "routing.plan.cost_split": ("CostSplit", "split_cost"),
    "routing.plan.explain_stop": ("explain_stop",),
    "routing.plan.explanation": ("Explanation",),
    "routing.plan.model": ("Plan",),
    "routing.plan.options": ("SolveOptions",),
    "routing.plan.repair": ("repair",),
    "routing.plan.solve": ("solve",),
    "routing.plan.verify": ("verify",),
    "routing.problem.access_walk": ("AccessWalk",),
    "routing.problem.driving_rules": ("DrivingClocks", "DrivingRules", "eu_561"),
    "routing.problem.model": (
        "Break",
        "Depot",
        "Objective",
        "Problem",
        "Shipment",
        "Stop",
        "TimeWindow",
        "Vehicle",
    ),
    "routing.problem.travel": ("MatrixTravel",),
    "routing.travel.apply": ("apply_conditions",),
    "routing.travel.conditions": (
        "AlongLine",
        "BetweenNodes",
        "Closure",
        "InPolygon",
        "OnWay",
        "Reopening",
        "Slowdown",
        "Weather",
    ),
    "routing.travel.drive": ("drive",),
    "routing.travel.matrix": ("TravelMatrix", "travel_matrix"),
    "routing.travel.metric": ("Metric",),
    "routing.travel.road_travel": ("RoadTravel",),
    "routing.travel.speed_table": ("DayRows", "SpeedTable", "free_flow", "time_of_day"),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "AccessWalk",
    "AlongLine",
    "BetweenNodes",
    "Break",
    "Closure",
    "CostSplit",
    "DayRows",
    "Depot",
    "DrivingClocks",
    "DrivingRules",
    "Explanation",
    "InPolygon",
    "InputError",
    "Issue",
    "Location",
    "MatrixTravel",
    "Metric",
    "Objective",
    "OnWay",
    "Plan",
    "Problem",
    "Profile",
    "Reopening",
    "RoadNetwork",
    "RoadTravel",
    "RoutingError",
    "Shipment",
    "Slowdown",
    "SolveError",
    "SolveOptions",
    "SpeedTable",
    "Stop",
    "TimeWindow",
    "TravelMatrix",
    "UnavailableError",
    "Vehicle",
    "ViolationsError",
    "Weather",
    "apply_conditions",
    "build_network",
    "drive",
    "eu_561",
    "explain_stop",
    "free_flow",
    "from_networkx",
    "load_network",
    "read_osm",
    "read_problem",
    "repair",
    "save_network",
    "snap",
    "solve",
    "split_cost",
    "time_of_day",
    "to_networkx",
    "travel_matrix",
    "verify",
    "write_problem",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for (PEP 562)."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'routing' has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
