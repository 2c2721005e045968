"""Times of visits: arrival, setup, waiting, start, lateness, service, and the shift around them."""

from __future__ import annotations

from collections.abc import Iterator

from routing.plan.verify.codes import Violation
from routing.plan.verify.facts import Driven
from routing.problem.model import Stop


def arrivals(driven: Driven) -> Iterator[Violation]:
    """Compare each arrival with the end of the leg before it."""
    for visit, leg in zip(driven.route.visits, driven.route.legs, strict=False):
        late_s = visit.arrive_s - leg.depart_s - leg.duration_s - leg.pause_s
        if late_s:
            cause = f"is reached {late_s} s after its leg ends"
            yield Violation(code="ARRIVAL", where=f"stop {visit.stop_id}", cause=cause)


def setups(driven: Driven) -> Iterator[Violation]:
    """Compare each setup with the stop's, spared where the halt before is at the same place."""
    before = None if driven.vehicle.open_start else driven.vehicle.start_place
    for visit, stop in driven.halts:
        place = driven.place(visit, stop)
        setup_s = 0 if stop is None or place == before else stop.setup_s
        if visit.setup_s != setup_s:
            cause = f"sets up for {visit.setup_s} s, it takes {setup_s} s there"
            yield Violation(code="SETUP", where=f"stop {visit.stop_id}", cause=cause)
        before = place


def waits(driven: Driven) -> Iterator[Violation]:
    """Compare each waiting with the times around it."""
    for visit in driven.route.visits:
        true_s = visit.start_s - visit.arrive_s - visit.setup_s
        if visit.waiting_s != true_s or visit.waiting_s < 0:
            cause = f"waits {visit.waiting_s} s but starts {true_s} s after its arrival"
            cause += f" and {visit.setup_s} s of setup" if visit.setup_s else ""
            yield Violation(code="WAITING", where=f"stop {visit.stop_id}", cause=cause)


def idle(driven: Driven) -> Iterator[Violation]:
    """Find services that start later than the first instant at which they may, vehicle and setup being ready."""
    for visit, stop in driven.served:
        ready_s = visit.arrive_s + visit.setup_s
        if visit.start_s <= ready_s:
            continue
        opens_s = next((w.start_s for w in stop.windows if w.end_s >= ready_s), ready_s)
        idle_s = visit.start_s - max(ready_s, opens_s)
        if idle_s > 0:
            cause = f"starts {idle_s} s later than it could"
            yield Violation(code="IDLE", where=f"stop {stop.id}", cause=cause)


def windows(driven: Driven) -> Iterator[Violation]:
    """Find starts outside the windows, and lateness told that is not so."""
    for visit, stop in driven.served:
        if not stop.windows and not visit.lateness_s:
            continue
        where, after_s = f"stop {stop.id}", _late_s(stop, visit.start_s)
        within = not stop.windows or any(w.start_s <= visit.start_s <= w.end_s for w in stop.windows)
        if after_s and not stop.lateness_allowed:
            yield Violation(code="LATE", where=where, cause=f"starts {after_s} s after its last window")
        elif not within and not after_s:
            yield Violation(code="WINDOW", where=where, cause="starts between or before its windows")
        if visit.lateness_s != after_s:
            cause = f"says {visit.lateness_s} s late, it is {after_s} s"
            yield Violation(code="LATENESS", where=where, cause=cause)


def lateness_limits(driven: Driven) -> Iterator[Violation]:
    """Find starts later than even a stop that allows lateness takes."""
    for visit, stop in driven.served:
        if stop.lateness_limit_s is not None and stop.lateness_allowed:
            after_s = _late_s(stop, visit.start_s)
            if after_s > stop.lateness_limit_s:
                cause = f"starts {after_s} s after its last window, {stop.lateness_limit_s} s are allowed"
                yield Violation(code="LATENESS_LIMIT", where=f"stop {stop.id}", cause=cause)


def _late_s(stop: Stop, start_s: int) -> int:
    return max(0, start_s - stop.windows[-1].end_s) if stop.windows else 0


def services(driven: Driven) -> Iterator[Violation]:
    """Compare each stay with the service that this vehicle needs and the walks."""
    asked = driven.asked
    for visit, stop in driven.served:
        service_s, walk_s = asked.service_s(stop, driven.vehicle), asked.walk_s(stop)
        if visit.depart_s - visit.start_s != service_s + walk_s:
            cause = f"takes {visit.depart_s - visit.start_s} s, its service {service_s} s and the walk {walk_s} s"
            yield Violation(code="SERVICE", where=f"stop {stop.id}", cause=cause)


def due(driven: Driven) -> Iterator[Violation]:
    """Find services that are over too late."""
    for visit, stop in driven.served:
        if stop.due_s is not None and visit.depart_s > stop.due_s:
            cause = f"is over {visit.depart_s - stop.due_s} s after it is due"
            yield Violation(code="DUE", where=f"stop {stop.id}", cause=cause)


def shift(driven: Driven) -> Iterator[Violation]:
    """Compare a route's start and end with the vehicle's shift."""
    route, vehicle = driven.route, driven.vehicle
    before_s = vehicle.shift.start_s - route.start_s
    if before_s > 0 or (vehicle.start_fixed and before_s):
        yield Violation(code="SHIFT_START", where=driven.where, cause=f"leaves {before_s} s before its shift")
    after_s = max(0, route.end_s - vehicle.shift.end_s)
    if after_s and not vehicle.overtime_allowed and not driven.straight_home:
        yield Violation(code="SHIFT_END", where=driven.where, cause=f"is back {after_s} s after its shift")
    limit_s = vehicle.overtime_limit_s
    if vehicle.overtime_allowed and limit_s is not None and after_s > limit_s and not driven.straight_home:
        cause = f"is back {after_s} s after its shift, {limit_s} s are allowed"
        yield Violation(code="OVERTIME_LIMIT", where=driven.where, cause=cause)
    if route.overtime_s != after_s:
        cause = f"says {route.overtime_s} s over, it is {after_s} s"
        yield Violation(code="OVERTIME", where=driven.where, cause=cause)


def end(driven: Driven) -> Iterator[Violation]:
    """Compare a route's end with the arrival of its last leg."""
    for leg in driven.route.legs[-1:]:
        after_s = driven.route.end_s - leg.depart_s - leg.duration_s - leg.pause_s
        if after_s:
            yield Violation(code="ROUTE_END", where=driven.where, cause=f"ends {after_s} s after its last leg")
