"""The vehicles and drivers: they follow the plans they are given through the true day, and report what they do.

A driver goes to the next stop of the latest plan, by the quickest way; waits where the window is not open yet; serves,
or finds nobody there. A vehicle takes on board, when it leaves its start, the goods of the stops that its plan names,
and can deliver nothing else. Who is sent elsewhere on the way turns where the vehicle is. A stop that was cancelled
before the driver came is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from routing.events.news import VehicleArrived, VehicleDeparted
from routing.events.published import PlanPublished, Transfer
from routing.events.types import (
    Event,
    VehicleLocated,
    VehicleOutOfService,
    VisitFailed,
    VisitServed,
    VisitStarted,
)
from routing.network.location import Location
from routing.simulate.record import Attempt, Driven, Duty, Turned
from routing.simulate.truth import Trip
from routing.simulate.van import AT_START, BROKEN, DRIVING, NEVER, SERVING, WAITING, Van
from routing.simulate.world import World

_Visit = VehicleArrived | VisitStarted | VisitServed | VisitFailed

NOBODY_S = 120
"""How long a driver tries where nobody is at home."""
ATTEMPTS_A_DAY = 2
"""Visits that one who knows everything counts with; others make as many as their plans ask for."""


class Fleet:
    """Drive all vehicles of a world."""

    def __init__(
        self,
        world: World,
        *,
        transfer_s: int = 600,
        reload_s: int = 600,
        planned_starts_s: Mapping[str, int] | None = None,
    ) -> None:
        """Put all vehicles at their starts; who is given the starts of services keeps to them and to the order."""
        self._world = world
        self._planned_starts_s = planned_starts_s
        self._transfer_s, self._reload_s = transfer_s, reload_s
        self._vans = {vehicle.id: Van(vehicle=vehicle, at=vehicle.start) for vehicle in world.vehicles}
        self._holder: dict[str, str | None] = dict.fromkeys(world.customers)
        """Vehicle that carries a stop's goods; None: they are at the depot, or there are none."""
        self._transfers: dict[str, Transfer] = {}
        self._tried: dict[str, int] = {}
        self._put_off: set[str] = set()
        self._done: set[str] = set()
        self._closed: set[str] = set()
        """Stops that failed for good."""
        self._broken_news: list[Event] = []
        self._reports: list[Event] = []
        self.attempts: list[Attempt] = []
        self.driven: list[Driven] = []
        self.duties: list[Duty] = []
        self.turned: list[Turned] = []
        self.impossible: list[str] = []

    @property
    def resting(self) -> bool:
        """Tell whether nothing will happen any more unless somebody is sent."""
        return all(van.next_s == NEVER for van in self._vans.values())

    def begun(self) -> frozenset[str]:
        """Return the stops that somebody has begun to serve or given up."""
        serving = {van.target for van in self._vans.values() if van.doing == SERVING and van.target}
        return frozenset(self._done | self._closed | serving)

    def give_up(self, stop_ids: Iterable[str]) -> None:
        """Let no driver go to some stops again: whoever plans takes them for failed."""
        self._closed.update(stop_ids)

    def advance(self, until_s: int) -> list[Event]:
        """Let everything happen until an instant, that instant included, and return the reports in order."""
        self._reports = []
        while True:
            van = min(self._vans.values(), key=lambda each: each.next_s)
            broken = self._next_breakdown()
            if broken is not None and broken[0] <= min(van.next_s, until_s):
                self._break_down(self._vans[broken[1]], int(broken[0]))
            elif van.next_s <= until_s:
                self._step(van, int(van.next_s))
            else:
                break
        told = [event for event in self._broken_news if event.known_at_s <= until_s]
        self._broken_news = [event for event in self._broken_news if event.known_at_s > until_s]
        return sorted((*self._reports, *told), key=lambda event: event.known_at_s)

    def positions(self, now_s: int) -> list[Event]:
        """Return where the vehicles that are out report to be."""
        found: list[Event] = []
        for van in self._vans.values():
            if van.doing in (DRIVING, WAITING, SERVING):
                found.append(
                    VehicleLocated(
                        id=f"at-{van.vehicle.id}-{now_s}",
                        known_at_s=now_s,
                        effective_at_s=now_s,
                        vehicle_id=van.vehicle.id,
                        location=self._place(van, now_s),
                    )
                )
        return found

    def follow(self, plan: PlanPublished, now_s: int, *, closed_way: bool) -> None:
        """Give every driver a new plan; `closed_way` tells whether it knows of a closure that the last one did not."""
        self._transfers |= {transfer.id: transfer for transfer in plan.transfers}
        routes = {route.vehicle_id: route for route in plan.routes}
        for vehicle_id, van in self._vans.items():
            route = routes.get(vehicle_id)
            wanted = [visit.stop_id for visit in route.visits] if route else []
            leaves_s = route.start_s if route else NEVER
            self.instruct(van, wanted, leaves_s, now_s, closed_way=closed_way)

    def follow_orders(self, orders: Mapping[str, Sequence[str]], leaves_s: Mapping[str, int], now_s: int) -> None:
        """Give every driver an order of stops and when to leave, without a published plan."""
        for vehicle_id, van in self._vans.items():
            self.instruct(van, orders.get(vehicle_id, ()), leaves_s.get(vehicle_id, NEVER), now_s, closed_way=False)

    def instruct(self, van: Van, wanted: Sequence[str], leaves_s: float, now_s: int, *, closed_way: bool) -> None:
        """Give a driver the stops to go to from now on."""
        orders = [stop_id for stop_id in wanted if self._is_wanted(stop_id) and stop_id != self._serving(van)]
        if van.doing == BROKEN:
            return
        if van.doing == AT_START:
            van.orders = orders
            van.leaves_s = van.next_s = max(leaves_s, now_s) if orders else NEVER
            return
        if van.doing == SERVING:
            van.orders = orders
            return
        if van.target is not None and van.target in orders and (van.swapped or orders[0] == van.target):
            orders.remove(van.target)
            van.orders = orders
            return
        if van.target is None and not orders:
            return
        if van.target is not None and self._is_wanted(van.target):
            excused = closed_way or self._cancelled(van.target, now_s)
            self.turned.append(Turned(vehicle_id=van.vehicle.id, stop_id=van.target, at_s=now_s, excused=excused))
        place = self._place(van, now_s)
        if van.doing == DRIVING:
            self._note_drive(van, now_s)
        van.at, van.orders = place, orders
        self._go_on(van, now_s)

    def _serving(self, van: Van) -> str | None:
        return van.target if van.doing == SERVING else None

    def _is_wanted(self, stop_id: str) -> bool:
        return stop_id not in self._done and stop_id not in self._closed

    def _place(self, van: Van, now_s: int) -> Location:
        if van.doing == DRIVING and van.trip is not None:
            return van.trip.place_at(self._world.roads.network, now_s)
        return van.at

    def _location(self, stop_id: str) -> Location:
        transfer = self._transfers.get(stop_id)
        return transfer.location if transfer else self._world.customers[stop_id].stop.location

    def _step(self, van: Van, now_s: int) -> None:
        if van.doing == AT_START:
            self._leave(van, now_s)
        elif van.doing == DRIVING:
            self._arrive(van, now_s)
        elif van.doing == WAITING:
            self._knock(van, now_s)
        else:
            self._end(van, now_s)

    def _leave(self, van: Van, now_s: int) -> None:
        """Load the goods of the plan's stops, and go."""
        if van.left_s is None:
            for stop_id in van.orders:
                customer = self._world.customers.get(stop_id)
                if customer is not None and customer.stop.load > 0 and self._holder[stop_id] is None:
                    self._holder[stop_id] = van.vehicle.id
            self._reports.append(
                VehicleDeparted(
                    id=f"departed-{van.vehicle.id}",
                    known_at_s=now_s,
                    effective_at_s=now_s,
                    vehicle_id=van.vehicle.id,
                )
            )
        van.left_s = now_s
        self._go_on(van, now_s)

    def _go_on(self, van: Van, now_s: int) -> None:
        """Drive to the next stop that still wants a visit, or home."""
        van.orders = [
            stop_id for stop_id in van.orders if self._is_wanted(stop_id) and not self._cancelled(stop_id, now_s)
        ]
        van.swapped = False
        if self._planned_starts_s is None and len(van.orders) > 1 and self._swaps(van.orders[0], van.orders[1]):
            self._put_off.add(van.orders[0])
            van.orders[:2] = van.orders[1::-1]
            van.swapped = True
        while van.orders:
            stop_id = van.orders.pop(0)
            if not self._can(van, stop_id):
                self.impossible.append(f"{van.vehicle.id} has not the goods of {stop_id}")
                continue
            trip = self._world.roads.trip(van.at, self._location(stop_id), now_s)
            if trip is not None:
                self._drive(van, stop_id, trip)
                return
            self.impossible.append(f"no road leads {van.vehicle.id} to {stop_id}")
        trip = self._world.roads.trip(van.at, van.vehicle.end, now_s)
        assert trip is not None, "every place of a world is joined to the depot, and closures end"
        self._drive(van, None, trip)

    def _swaps(self, first: str, second: str) -> bool:
        """Tell whether a driver makes the second stop first, as happens once to some stops."""
        known = self._world.customers
        return first in known and second in known and known[first].swapped and first not in self._put_off

    def _can(self, van: Van, stop_id: str) -> bool:
        customer = self._world.customers.get(stop_id)
        return customer is None or customer.stop.load == 0 or self._holder[stop_id] == van.vehicle.id

    def _cancelled(self, stop_id: str, now_s: int) -> bool:
        customer = self._world.customers.get(stop_id)
        return customer is not None and customer.cancelled_s is not None and customer.cancelled_s <= now_s

    def _drive(self, van: Van, stop_id: str | None, trip: Trip) -> None:
        van.doing, van.target, van.trip, van.next_s = DRIVING, stop_id, trip, trip.arrive_s

    def _arrive(self, van: Van, now_s: int) -> None:
        self._note_drive(van, now_s)
        assert van.trip is not None
        van.at, van.arrived_s = van.trip.destination, now_s
        if van.target is None:
            self._rest(van, now_s)
            return
        if van.target in self._transfers:
            van.started_s = now_s
            self._serve(van, now_s, self._transfer_length_s(van.target), served=True)
            return
        if self._cancelled(van.target, now_s) or not self._is_wanted(van.target):
            self._go_on(van, now_s)
            return
        self._report(VehicleArrived, van, now_s)
        van.doing, van.next_s = WAITING, now_s
        self._knock(van, now_s)

    def _transfer_length_s(self, transfer_id: str) -> int:
        return self._reload_s if self._transfers[transfer_id].from_vehicle is None else self._transfer_s

    def _knock(self, van: Van, now_s: int) -> None:
        """Begin to serve where a window is open; else look again when one opens, or changes."""
        assert van.target is not None
        customer = self._world.customers[van.target]
        if self._cancelled(van.target, now_s):
            self._go_on(van, now_s)
            return
        opens_s = next(
            (max(now_s, window.start_s) for window in customer.windows_at(now_s) if now_s <= window.end_s), now_s
        )
        if self._planned_starts_s is not None:
            opens_s = max(now_s, self._planned_starts_s.get(van.target, opens_s))
        if opens_s > now_s:
            changes = [at_s for at_s in (customer.changed_s, customer.cancelled_s) if at_s is not None and at_s > now_s]
            van.next_s = min(opens_s, *changes) if changes else opens_s
            return
        van.started_s = now_s
        attempt, extra_s = self._tried.get(van.target, 0), 0
        self._tried[van.target] = attempt + 1
        if self._planned_starts_s is not None and not customer.is_home(attempt, now_s):
            attempt, extra_s = ATTEMPTS_A_DAY - 1, (ATTEMPTS_A_DAY - 1) * NOBODY_S  # see `hindsight`
        served = customer.is_home(attempt, now_s)
        self._serve(van, now_s, self._world.stay_s(customer) + extra_s if served else NOBODY_S, served=served)

    def _serve(self, van: Van, now_s: int, stay_s: int, *, served: bool) -> None:
        assert van.target is not None
        van.doing, van.next_s, van.served_now = SERVING, now_s + stay_s, served
        self._report(VisitStarted, van, now_s)

    def _end(self, van: Van, now_s: int) -> None:
        """Close a visit, say how it went, and go on."""
        stop_id = van.target
        assert stop_id is not None
        self._report(VisitServed if van.served_now else VisitFailed, van, now_s)
        if stop_id in self._transfers:
            self._done.add(stop_id)
            for each in self._transfers[stop_id].stop_ids:
                self._holder[each] = van.vehicle.id
        else:
            self._note_visit(van, stop_id, now_s)
        self._go_on(van, now_s)

    def _note_visit(self, van: Van, stop_id: str, now_s: int) -> None:
        windows = self._world.customers[stop_id].windows_at(van.started_s)
        late_s = max(0, van.started_s - windows[-1].end_s) if windows else 0
        self.attempts.append(
            Attempt(
                stop_id=stop_id,
                vehicle_id=van.vehicle.id,
                arrive_s=van.arrived_s,
                start_s=van.started_s,
                end_s=now_s,
                served=van.served_now,
                lateness_s=late_s,
            )
        )
        if van.served_now:
            self._done.add(stop_id)

    def _rest(self, van: Van, now_s: int) -> None:
        """Stand at the depot again."""
        assert van.left_s is not None
        shift_end_s = van.vehicle.shift.end_s
        self.duties.append(
            Duty(
                vehicle_id=van.vehicle.id,
                left_s=van.left_s,
                back_s=now_s,
                overtime_s=max(0, now_s - max(shift_end_s, van.left_s)),
            )
        )
        van.doing, van.trip, van.next_s, van.leaves_s = AT_START, None, NEVER, NEVER

    def _note_drive(self, van: Van, now_s: int) -> None:
        trip = van.trip
        assert trip is not None
        share = 1.0 if now_s >= trip.arrive_s else (now_s - trip.depart_s) / max(1, trip.arrive_s - trip.depart_s)
        self.driven.append(
            Driven(vehicle_id=van.vehicle.id, trip=trip, until_s=now_s, distance_m=round(share * trip.distance_m))
        )

    def _next_breakdown(self) -> tuple[float, str] | None:
        """Return when the next vehicle breaks down; who is serving ends that first."""
        due = [
            (float(breakdown.at_s), vehicle_id)
            for vehicle_id, breakdown in self._world.breakdowns.items()
            if self._vans[vehicle_id].doing not in (BROKEN, SERVING)
        ]
        return min(due, default=None)

    def _break_down(self, van: Van, at_s: int) -> None:
        breakdown = self._world.breakdowns[van.vehicle.id]
        if van.doing == DRIVING and van.trip is not None:
            at_s = max(at_s, van.trip.depart_s)  # who was serving has ended that first
        place = self._place(van, at_s)
        if van.doing == DRIVING:
            self._note_drive(van, at_s)
        if van.doing != AT_START and van.left_s is not None:
            self.duties.append(Duty(vehicle_id=van.vehicle.id, left_s=van.left_s, back_s=at_s, overtime_s=0))
        van.doing, van.at, van.next_s, van.target, van.orders = BROKEN, place, NEVER, None, []
        self._broken_news.append(
            VehicleOutOfService(
                id=f"broken-{van.vehicle.id}",
                known_at_s=max(breakdown.known_s, at_s),
                effective_at_s=at_s,
                vehicle_id=van.vehicle.id,
                location=replace(place, heading_deg=None),
            )
        )

    def _report(self, kind: type[_Visit], van: Van, now_s: int) -> None:
        """Report a visit to the stop that a vehicle is at."""
        stop_id = van.target
        assert stop_id is not None
        word = kind.TYPE.removeprefix("visit_").removeprefix("vehicle_")
        self._reports.append(
            kind(
                id=f"{word}-{stop_id}-{now_s}",
                known_at_s=now_s,
                effective_at_s=now_s,
                vehicle_id=van.vehicle.id,
                stop_id=stop_id,
            )
        )
