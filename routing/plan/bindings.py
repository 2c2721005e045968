"""Find the bounds that a served stop has no slack to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from routing.plan.explanation import Binding
from routing.plan.model import Route, Visit
from routing.plan.relax import bound_of
from routing.plan.rules.book import Book
from routing.plan.schedule import Clock
from routing.plan.walked.judge import breaches
from routing.problem.model import LOAD
from routing.units import format_clock, format_duration

SLACK_S = 60
"""What breaks where the service takes so much longer has no slack."""


def bindings(clock: Clock, route: Route, visit: Visit) -> tuple[Binding, ...]:
    """Return what would break if the service took a minute longer, and which limits the route has reached."""
    return (*_in_time(clock, route, visit), *_full(clock, route))


def _in_time(clock: Clock, route: Route, visit: Visit) -> Iterator[Binding]:
    problem, zone = clock.asked, clock.asked.time_zone
    if visit.lateness_s:
        yield Binding(code="WINDOW", of=visit.stop_id, words=f"it is {format_duration(visit.lateness_s)} late")
    if visit.waiting_s:
        waits = f"{format_duration(visit.waiting_s)} there, until {format_clock(visit.start_s, zone)}"
        words = f"{route.vehicle_id} waits {waits}"
        yield Binding(code="WINDOW", of=visit.stop_id, words=words)
    stops = tuple(
        replace(
            stop,
            service_s=stop.service_s + SLACK_S,
            service_by_type=tuple((kind, service_s + SLACK_S) for kind, service_s in stop.service_by_type),
        )
        if stop.id == visit.stop_id
        else stop
        for stop in problem.stops
    )
    longer = Clock(replace(problem, stops=stops))
    vehicle = next(each for each in problem.vehicles if each.id == route.vehicle_id)
    order = tuple(each.stop_id for each in route.visits)
    for breach in breaches(longer, Book(longer.asked), vehicle, order):
        bound = bound_of(breach)
        of = breach.vehicle_id if bound is None else bound.of
        yield Binding(code=breach.code, of=of, words=f"with a minute more there {breach.cause}")


def _full(clock: Clock, route: Route) -> Iterator[Binding]:
    book, order = Book(clock.asked), [visit.stop_id for visit in route.visits]
    vehicle = book.vehicles[route.vehicle_id]
    most = [max(amounts) for amounts in zip(*book.loads.along(vehicle.id, order), strict=True)]
    for name, amount, room in zip(book.loads.names, most, book.loads.capacity[vehicle.id], strict=True):
        if amount and amount == room:
            of = "" if name == LOAD else f" of {name}"
            yield Binding(code="CAPACITY", of=vehicle.id, words=f"{vehicle.id} is full with {amount}{of}")
    if vehicle.stops_limit is not None and len(route.served) == vehicle.stops_limit:
        words = f"{vehicle.id} serves {vehicle.stops_limit} stops, its most"
        yield Binding(code="STOPS_LIMIT", of=vehicle.id, words=words)
