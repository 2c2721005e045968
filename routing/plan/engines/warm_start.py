"""Keep of given orders what holds in an instance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.interface import Instance, Orders

Options = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Where each stop's options begin (n + 1), and their first and last instant of service in order of time."""


def hold_in_instance(
    instance: Instance, orders: Orders, options: Options
) -> tuple[tuple[tuple[int, ...], ...], dict[int, int]]:
    """Return each order without the stops that break a bound, and the option that each kept stop takes."""
    count, fleet = instance.load.size, instance.capacity.size
    first, opens_s, closes_s = options
    held: list[tuple[int, ...]] = []
    taken: dict[int, int] = {}
    for vehicle, order in enumerate(orders):
        kept: list[int] = []
        now_s, place, room = int(instance.start_first_s[vehicle]), count + vehicle, int(instance.capacity[vehicle])
        latest_s = instance.horizon_s if instance.over_allowed[vehicle] else int(instance.end_s[vehicle])
        for stop in order:
            arrive_s = now_s + int(instance.duration_s[place, stop])
            ahead = [option for option in range(first[stop], first[stop + 1]) if arrive_s <= closes_s[option]]
            if not ahead or instance.load[stop] > room or not instance.allowed[stop, vehicle]:
                continue
            leave_s = max(arrive_s, int(opens_s[ahead[0]])) + int(instance.service_s[stop])
            if leave_s + int(instance.duration_s[stop, count + fleet + vehicle]) > latest_s:
                continue
            now_s, place, room = leave_s, stop, room - int(instance.load[stop])
            kept.append(stop)
            taken[stop] = ahead[0]
        held.append(tuple(kept))
    return tuple(held), taken
