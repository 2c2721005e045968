"""Judge one vehicle's order by all rules, those of the clock and the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.plan.rules.book import Book
from routing.plan.rules.breach import Breach
from routing.plan.rules.limits import distance_breaches
from routing.plan.rules.order import order_breaches
from routing.plan.schedule import Clock, Run
from routing.plan.walked.time_words import plain_breaches, time_breach
from routing.problem.model import Break, Vehicle


def holds(
    clock: Clock, book: Book, vehicle: Vehicle, stop_ids: Sequence[str], like: Run | None = None, alike: int = 0
) -> bool:
    """Tell whether an order keeps every rule of one route; that of a vehicle that stays always does.

    The first `alike` halts are those of a run that leaves at the start of the shift. Time is asked first, since most
    orders that are tried break it soon after where they differ.
    """
    if not stop_ids:
        return True
    run = _earliest(clock, vehicle, stop_ids, vehicle.shift.start_s, like=like, alike=alike)
    if run is None and not any(
        _earliest(clock, vehicle, stop_ids, each.window.end_s + 1) for each in _left_behind(vehicle)
    ):
        return False
    if next(order_breaches(book, vehicle, stop_ids), None) is not None:
        return False
    if (run is None or run.forbidden_s) and not clock.holds(vehicle, stop_ids):
        return False
    limit_m = vehicle.distance_limit_m
    return limit_m is None or route_m(clock, book, vehicle, stop_ids) <= limit_m


def _earliest(
    clock: Clock, vehicle: Vehicle, stop_ids: Sequence[str], depart_s: int, like: Run | None = None, alike: int = 0
) -> Run | None:
    """Return the run that leaves at an instant if it breaks nothing, or what a little later departure may mend."""
    limits = vehicle.duration_limit_s, vehicle.driving_limit_s, vehicle.driving_rules
    limit_s = 0 if limits == (None, None, None) else None
    run = clock.follow(vehicle, stop_ids, depart_s, forbidden_limit_s=limit_s, like=like, alike=alike)
    return run if run is not None and run.length_s == run.forbidden_s else None


def _left_behind(vehicle: Vehicle) -> Iterator[Break]:
    """Yield the breaks that are not due where the vehicle leaves late enough in its shift."""
    if not vehicle.start_fixed:
        for each in vehicle.breaks:
            if vehicle.shift.start_s <= each.window.end_s < vehicle.shift.end_s:
                yield each


def breaches(
    clock: Clock, book: Book, vehicle: Vehicle, stop_ids: Sequence[str], like: Run | None = None, alike: int = 0
) -> tuple[Breach, ...]:
    """Return every rule of one route that an order breaks, by a book of the problem as lowered or as asked.

    The first `alike` halts are those of a run that leaves at the start of the shift.
    """
    if not stop_ids:
        return ()
    run = clock.follow(vehicle, stop_ids, vehicle.shift.start_s, like=like, alike=alike)
    if run is not None and (run.length_s or (run.forbidden_s and vehicle.breaks)):
        run = clock.best_run(vehicle, stop_ids)
    return (*order_breaches(book, vehicle, stop_ids), *_measured(clock, book, vehicle, stop_ids, run))


def _measured(clock: Clock, book: Book, vehicle: Vehicle, stop_ids: Sequence[str], run: Run | None) -> Iterator[Breach]:
    """Yield what an order breaks in seconds and metres."""
    if run is None:
        cut_off = clock.unreachable(vehicle, stop_ids).stop_id
        where = "to its end place" if cut_off is None else f"to {cut_off}"
        cause = f"no road leads {vehicle.id} {where}"
        yield Breach(code="UNREACHABLE", vehicle_id=vehicle.id, stop_id=cut_off, cause=cause)
        return
    if clock.plain:
        yield from plain_breaches(clock, vehicle, stop_ids, run)
    else:
        for breach in run.breaches:
            yield time_breach(clock, vehicle, breach)
    if vehicle.distance_limit_m is not None:
        yield from distance_breaches(vehicle, route_m(clock, book, vehicle, stop_ids))


def route_m(clock: Clock, book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> int:
    """Return the metres of a route between whose places roads lead."""
    matrix = clock.travel_of(vehicle).matrix
    if matrix.slice_start_s.size > 1:
        return sum(leg.distance_m for leg in clock.route(vehicle, stop_ids).legs)
    places = book.places(vehicle, stop_ids)
    table = matrix.distance_m.reshape(matrix.distance_m.shape[-2:])
    return int(table[places[:-1], places[1:]].sum())
