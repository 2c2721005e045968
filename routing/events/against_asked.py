"""What a customer's word says against the day, and numbers that mean nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from routing.events.against_visits import goods_on
from routing.events.asked import AvailabilityStep
from routing.events.day import Fault, StopState
from routing.events.news import AvailabilityTold, BreakTaken, StopChanged, VehicleDelayed, VisitDelayed
from routing.events.types import CustomerUnavailable, Event, StopAdded, WindowChanged
from routing.problem.model import TimeWindow

_Ending = VisitDelayed | VehicleDelayed | BreakTaken | CustomerUnavailable


def against_change(stop: StopState, event: StopChanged) -> Iterator[Fault]:
    """Yield what speaks against another demand: what is loaded or under way cannot change."""
    asked, carrier = stop.stop, goods_on(stop)
    if event.load is not None and carrier is not None and event.load > asked.load:
        cause = f"{asked.load} units of stop {asked.id} are on board {carrier}, and {event.load} are asked for"
        yield "GOODS_ON_BOARD", cause, "Add another stop there for what is missing."
    moved = event.location is not None and event.location != asked.location
    if stop.started_s is not None and (moved or event.load not in (None, asked.load)):
        cause = f"{stop.vehicle_id} is serving stop {asked.id} already"
        yield "VISIT_UNDER_WAY", cause, "Report how much is delivered (visit_served), or add a new stop."


def against_numbers(event: Event) -> Iterator[Fault]:
    """Yield the numbers of an event that mean nothing; JSON has been checked before, other callers' have not."""
    if isinstance(event, _Ending) and event.until_s is not None and event.until_s <= event.effective_at_s:
        yield "NUMBER_RANGE", "it ends before it begins", "Let it end after effective_at."
    if isinstance(event, StopChanged):
        yield from _against_sizes(event.load, event.service_s, event.priority)
    if isinstance(event, StopAdded):
        stop = event.stop
        yield from _against_sizes(stop.load, stop.service_s, stop.priority)
        further = (stop.walk_s, stop.setup_s, stop.unserved_cents, stop.lateness_limit_s, stop.lateness_cents_per_min)
        named = (amount for _, amount in (*stop.loads, *stop.service_by_type, *stop.vehicle_fees))
        if any(number is not None and number < 0 for number in (*further, *named)):
            yield "NUMBER_RANGE", "a time, load or price of it is negative", "Give whole numbers from 0."
    if isinstance(event, StopAdded | StopChanged | WindowChanged):
        windows = event.stop.windows if isinstance(event, StopAdded) else event.windows
        yield from _against_windows(windows or ())
    if isinstance(event, StopAdded | AvailabilityTold):
        yield from _against_steps(event.steps if isinstance(event, AvailabilityTold) else event.stop.availability)


def _against_sizes(load: int | None, service_s: int | None, priority: int | None) -> Iterator[Fault]:
    for name, value in (("load", load), ("service_s", service_s), ("priority", priority)):
        if value is not None and (value < 0 or (name == "priority" and value > 100)):
            yield "NUMBER_RANGE", f"{name} is {value}", "Give a whole number from 0, a priority up to 100."


def _against_windows(windows: tuple[TimeWindow, ...]) -> Iterator[Fault]:
    reversed_window = any(window.end_s < window.start_s for window in windows)
    if reversed_window or any(after.start_s <= before.end_s for before, after in pairwise(windows)):
        yield "WINDOW_ORDER", "its windows are not in order", "Give windows that follow each other, each start first."


def _against_steps(steps: tuple[AvailabilityStep, ...]) -> Iterator[Fault]:
    empty = any(step.until_s <= step.from_s or not 0.0 <= step.at_home_ratio <= 1.0 for step in steps)
    if empty or any(after.from_s < before.until_s for before, after in pairwise(steps)):
        yield "AVAILABILITY", "its spans overlap, are empty or hold no chance", "Give spans in order, chances 0 to 1."
