"""Print a worked day under Regulation (EC) No 561/2006: what two drivers bring in, and when they drive and rest.

The day and the figures by hand stand with the tests (`tests/support/eu561_day.py`), which cite the regulation.
"""

from __future__ import annotations

import importlib
import sys
from itertools import zip_longest
from pathlib import Path

from routing.plan.options import SolveOptions
from routing.plan.solve import solve
from routing.plan.verify import verify

SUPPORT = Path(__file__).parents[1] / "support"
ITERATIONS = 200


def run_eu561(options, kept):
    """Run nothing: the day is planned when it is printed."""


def print_eu561(records):
    """Print the clocks of each driver at every event of the plan that is found, beside those by hand."""
    sys.path.append(str(SUPPORT))
    day = importlib.import_module("eu561_day")
    problem = day.worked_day()
    plan = solve(problem, SolveOptions(iterations=ITERATIONS))
    print("\n== a day of two drivers under Regulation (EC) No 561/2006")
    for vehicle, route in zip(problem.vehicles, plan.routes, strict=True):
        clocks, found = vehicle.driving_clocks, day.clocks_along(vehicle, route)
        print(
            f"-- {vehicle.id}: brings in {_span(clocks.driving_since_break_s)} since the last break"
            f"{', its first part taken' if clocks.split_taken else ''}, {_span(clocks.driving_today_s)} today, "
            f"{_span(clocks.driving_week_s)} this week, {_span(clocks.driving_fortnight_s)} in the fortnight"
        )
        print(f"  {'':<6}{'':<32}{'since break':>12}{'today':>7}{'on duty':>9}  as by hand")
        for worked, row in zip_longest(day.WORKED[vehicle.id], found):
            told = row or worked
            figures = f"{told.since_break:>12}{told.today:>7}{told.on_duty:>9}"
            print(f"  {told.at:<6}{told.what:<32}{figures}  {'yes' if row == worked else 'NO'}")
    wrong = ", ".join(map(str, verify(problem, plan)))
    left = [f"{each.stop_id} ({each.detail})" for each in plan.unassigned]
    print(f"left out: {', '.join(left) or 'none'}; found by the checker: {wrong or 'nothing'}")


def _span(seconds):
    return f"{seconds // 3_600}:{seconds % 3_600 // 60:02}"
