"""Print a worked day under Regulation (EC) No 561/2006: what two drivers bring in, and when they drive and rest.

The day and the figures by hand stand with the tests (`tests/support/eu561_day.py`), which cite the regulation.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from routing.plan.cost import plan_cost
from routing.plan.model import Plan, Unassigned
from routing.plan.schedule import schedule
from routing.plan.verify import verify

SUPPORT = Path(__file__).parents[1] / "support"
DAY_S = 86_400


def run_eu561(options, kept):
    """Run nothing: the day is timed when it is printed."""


def print_eu561(records):
    """Print each driver's day line by line, and what the checker finds."""
    sys.path.append(str(SUPPORT))
    problem, orders = importlib.import_module("eu561_day").eu561_day()
    routes = schedule(problem, orders)
    served = {visit.stop_id for route in routes for visit in route.served}
    left = [stop.id for stop in problem.stops if stop.id not in served]
    plan = Plan(
        routes=routes,
        unassigned=tuple(Unassigned(stop_id=each, reason="DRIVING_RULES", detail="in the worked day") for each in left),
        cost=plan_cost(problem, routes, left),
    )
    print("\n== a day of two drivers under Regulation (EC) No 561/2006")
    for route in routes:
        vehicle = next(vehicle for vehicle in problem.vehicles if vehicle.id == route.vehicle_id)
        clocks = vehicle.driving_clocks
        print(
            f"-- {vehicle.id}: brings in {_span(clocks.driving_since_break_s)} since the last break"
            f"{', its first part taken' if clocks.split_taken else ''}, {_span(clocks.driving_today_s)} today, "
            f"{_span(clocks.driving_week_s)} this week, {_span(clocks.driving_fortnight_s)} in the fortnight"
        )
        for number, leg in enumerate(route.legs):
            rests = [rest for rest in route.rests if rest.leg == number]
            told = "".join(f", rest {_clock(rest.start_s)} to {_clock(rest.end_s)}" for rest in rests)
            print(f"  {_clock(leg.depart_s)} drive {_span(leg.duration_s)}{told}, there at {_clock(leg.arrive_s)}")
            if number < len(route.visits):
                visit = route.visits[number]
                print(f"  {_clock(visit.start_s)} {visit.stop_id}, until {_clock(visit.depart_s)}")
        driven_s = sum(leg.duration_s for leg in route.legs)
        print(f"  driven {_span(driven_s)}, {_span(clocks.driving_today_s + driven_s)} in the day")
    wrong = ", ".join(map(str, verify(problem, plan)))
    print(f"left out: {', '.join(left) or 'none'}; found by the checker: {wrong or 'nothing'}")


def _clock(instant_s):
    return f"{instant_s % DAY_S // 3_600:02}:{instant_s % 3_600 // 60:02}"


def _span(seconds):
    return f"{seconds // 3_600}:{seconds % 3_600 // 60:02}"
