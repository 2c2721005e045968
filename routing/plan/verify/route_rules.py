"""List the rules that are judged route by route."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from routing.plan.verify.allowed import allowed, other_board, skills, territories
from routing.plan.verify.codes import Violation
from routing.plan.verify.driving import driving_breaks, driving_sums, span
from routing.plan.verify.facts import Driven
from routing.plan.verify.goods import apart, required
from routing.plan.verify.legs import legs
from routing.plan.verify.limits import limits
from routing.plan.verify.loads import capacity, load_told, loads_told
from routing.plan.verify.once import empty
from routing.plan.verify.rests import break_times, breaks, pauses, rest_kinds, rest_places
from routing.plan.verify.times import arrivals, due, end, idle, lateness_limits, services, setups, shift, waits, windows
from routing.plan.verify.trips import releases, reload_times, reloads
from routing.plan.verify.unloading import lifo, pickups_last

Rule = Callable[[Driven], Iterator[Violation]]

BOUNDS: tuple[Rule, ...] = (
    *(allowed, other_board, skills, territories),
    *(capacity, lifo, pickups_last, apart, required),
    *(reloads, releases),
    *(windows, lateness_limits, due, shift),
    *(breaks, driving_breaks, driving_sums, span, limits),
)
"""What keeps a route that is timed as it should be from being driven."""

TOLD: tuple[Rule, ...] = (
    *(empty, load_told, loads_told),
    *(legs, arrivals, setups, waits, idle, services, end),
    *(reload_times, rest_places, pauses, rest_kinds, break_times),
)
"""What a route tells of itself that must be so."""
