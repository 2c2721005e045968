"""How much of a vehicle's order may still change: a ladder of freezes, by time and by count.

From the next visit on: (a) everything fixed, order and time; (b) order fixed, times free; (c) vehicle fixed, order
free; (d) free. The rungs are those of Google Route Optimization's relaxation levels (`InjectedSolutionConstraint`:
RELAX_VISIT_TIMES_AFTER_THRESHOLD and so on), with a threshold in seconds or in visits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from routing.events.options import ReplanOptions
from routing.problem.model import Stop, TimeWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Count a vehicle's next visits on each rung; whoever stands on one stands on those below it too."""

    all_fixed: int
    order_fixed: int
    vehicle_fixed: int


def ladder(order: Sequence[str], starts_s: Mapping[str, int], now_s: int, options: ReplanOptions) -> Ladder:
    """Return how many of the next visits are frozen; `starts_s` are the planned starts of service by stop id."""

    def reach(seconds: int, count: int) -> int:
        near = [
            number for number, stop_id in enumerate(order, start=1) if starts_s.get(stop_id, now_s) - now_s <= seconds
        ]
        return min(max(count, *near, 0) if seconds > 0 else count, len(order))

    all_fixed = reach(options.freeze_all_s, options.freeze_all_stops)
    order_fixed = max(all_fixed, reach(options.freeze_order_s, options.freeze_order_stops))
    vehicle_fixed = max(order_fixed, reach(options.freeze_vehicle_s, options.freeze_vehicle_stops))
    return Ladder(all_fixed=all_fixed, order_fixed=order_fixed, vehicle_fixed=vehicle_fixed)


def not_earlier(stop: Stop, start_s: int, last_s: int) -> Stop:
    """Return a stop whose service begins no earlier than planned; without windows it may begin until `last_s`.

    One that is planned after its last window stays as it is: to come sooner is what its customer wants.
    """
    windows = stop.windows or (TimeWindow(start_s=start_s, end_s=max(start_s, last_s)),)
    left = [window for window in windows if window.end_s >= start_s]
    if not left:
        return stop
    first = replace(left[0], start_s=max(left[0].start_s, start_s))
    return replace(stop, windows=(first, *left[1:]))
