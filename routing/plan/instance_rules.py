"""Turn a problem whose routes must be walked into the rules that engines walk by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from routing.plan.engines.rules import BOUNDLESS, FAR_S, Flags, Ints, Rules
from routing.plan.instance_tables import Nodes, search_tables
from routing.plan.model import Route
from routing.plan.requests import requests_of
from routing.problem.model import LOAD, Amounts, Problem, Shipment, Stop, TimeWindow, Travel, Vehicle

LATE_UNITS = 60_000
"""One cent a minute, in 3,600,000ths of a cent a second."""
HOURLY_UNITS = 1_000
"""One cent an hour, in the same."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Hold the problem, lowered, with the stops to place and what they are part of."""

    problem: Problem
    stops: Sequence[Stop]
    origin_s: int
    rows: dict[str, int]
    names: tuple[str, ...]
    """Of the loads."""
    shipments: tuple[Shipment, ...]

    def instant_s(self, instant_s: int | None, otherwise_s: int) -> int:
        return otherwise_s if instant_s is None else instant_s - self.origin_s

    def amounts(self, load: int, named: Amounts) -> list[int]:
        known = {**dict(named), LOAD: load}
        return [known.get(name, 0) for name in self.names]


def rules_of(
    problem: Problem,
    stops: Sequence[Stop],
    committed: Mapping[str, Sequence[str]],
    routes: Sequence[Route],
    origin_s: int,
) -> Rules:
    """Return the rules of a lowered problem over stops that hold whole requests and every committed visit.

    The load without a name is the first one, then come in order of name those that stops, shipments or what vehicles
    have on board use. Where routes are given, the times of their legs are exact.
    """
    rows = {stop.id: row for row, stop in enumerate(stops)}
    shipments = tuple(each for each in problem.shipments if each.pickup_stop_id in rows)
    asked = _Asked(problem, stops, origin_s, rows, _load_names(problem), shipments)
    return Rules(
        **_nodes(asked, routes),
        **_stops(asked),
        **_shipments(asked),
        **_goods(asked),
        **_requests(asked),
        **_vehicles(asked),
        **_limits(problem),
        **_breaks(asked),
        **_driving(asked),
        **_depots(asked),
        committed=tuple(
            tuple(rows[stop_id] for stop_id in committed.get(vehicle.id, ())) for vehicle in problem.vehicles
        ),
        balance_cents_per_h2=problem.objective.balance_cents_per_h2,
    )


def _load_names(problem: Problem) -> tuple[str, ...]:
    named = [amounts for stop in problem.stops for amounts in (stop.loads, stop.pickup_loads)]
    named += [shipment.loads for shipment in problem.shipments]
    named += [vehicle.on_board_loads for vehicle in problem.vehicles]
    return (LOAD, *sorted({name for amounts in named for name, _ in amounts} - {LOAD}))


def _nodes(asked: _Asked, routes: Sequence[Route]) -> dict[str, Any]:
    problem, vehicles, count = asked.problem, asked.problem.vehicles, len(asked.stops)
    fleet, first_depot = len(vehicles), count + 2 * len(vehicles)
    places = [stop.place for stop in asked.stops]
    places += [vehicle.start_place for vehicle in vehicles] + [vehicle.end_place for vehicle in vehicles]
    places += [depot.place for depot in problem.depots]
    nodes = Nodes(
        stops=asked.stops,
        places=np.array(places, np.int64),
        skipped={},
        depots={depot.id: node for node, depot in enumerate(problem.depots, start=first_depot)},
    )
    known: list[Travel] = []
    profile_of: list[int] = []
    for vehicle in vehicles:
        travel = problem.travel_of(vehicle)
        profile_of.append(next((row for row, each in enumerate(known) if each is travel), len(known)))
        known += [travel] * (profile_of[-1] == len(known))
    profiles = dict(zip((vehicle.id for vehicle in vehicles), profile_of, strict=True))
    tables = [
        search_tables(problem, travel, nodes, [route for route in routes if profiles[route.vehicle_id] == row])
        for row, travel in enumerate(known)
    ]
    duration_s, distance_m = (np.stack(each) for each in zip(*tables, strict=True))
    place = nodes.places.copy()
    for number, vehicle in enumerate(vehicles):
        for is_open, node in ((vehicle.open_start, count + number), (vehicle.open_end, count + fleet + number)):
            if is_open:
                place[node] = -1
                for table in (duration_s, distance_m):
                    table[:, node, :] = table[:, :, node] = 0
    return {"duration_s": duration_s, "distance_m": distance_m, "place": place, "profile": _ints(profile_of)}


def _stops(asked: _Asked) -> dict[str, Any]:
    problem, stops = asked.problem, asked.stops
    types = [vehicle.type for vehicle in problem.vehicles]
    stays = [{name: problem.stay_s(stop, name) for name in set(types)} for stop in stops]
    usual = problem.objective.lateness_cents_per_min
    own = [stop.lateness_cents_per_min for stop in stops]
    return {
        "stay_s": _ints([[stay[name] for name in types] for stay in stays]).reshape(len(stops), len(types)),
        "setup_s": _ints([stop.setup_s for stop in stops]),
        "due_s": _ints([asked.instant_s(stop.due_s, FAR_S) for stop in stops]),
        "late_units_per_s": _ints([(usual if price is None else price) * LATE_UNITS for price in own]),
        "late_limit_s": _ints([_bound(stop.lateness_limit_s) for stop in stops]),
        "delivery": _table([asked.amounts(stop.load, stop.loads) for stop in stops], asked.names),
        "pickup": _table([asked.amounts(stop.pickup_load, stop.pickup_loads) for stop in stops], asked.names),
        "on_board": _flags([stop.on_board is not None for stop in stops]),
        "release_s": _ints(
            [asked.instant_s(None if stop.on_board else stop.release_s, -FAR_S) for stop in stops],
        ),
    }


def _shipments(asked: _Asked) -> dict[str, Any]:
    carried = np.zeros((len(asked.stops), len(asked.names)), np.int64)
    partner, is_pickup = np.full(len(asked.stops), -1, np.int64), np.zeros(len(asked.stops), np.bool_)
    for shipment in asked.shipments:
        pickup, delivery = asked.rows[shipment.pickup_stop_id], asked.rows[shipment.delivery_stop_id]
        carried[pickup] = asked.amounts(shipment.load, shipment.loads)
        carried[delivery] = -carried[pickup]
        partner[pickup], partner[delivery], is_pickup[pickup] = delivery, pickup, True
    return {"carried": carried, "partner": partner, "is_pickup": is_pickup}


def _goods(asked: _Asked) -> dict[str, Any]:
    pairs = (asked.problem.incompatible_goods, asked.problem.required_goods)
    kinds = {kind: row for row, kind in enumerate(sorted({kind for each in pairs for pair in each for kind in pair}))}
    incompatible, required = (np.zeros((len(kinds), len(kinds)), np.bool_) for _ in pairs)
    for table, each in zip((incompatible, required), pairs, strict=True):
        for one, other in each:
            table[kinds[one], kinds[other]] = True
    delivered = {shipment.delivery_stop_id for shipment in asked.shipments}
    return {
        "goods": _ints([-1 if stop.id in delivered else kinds.get(stop.goods, -1) for stop in asked.stops]),
        "incompatible": incompatible | incompatible.T,
        "required": required,
    }


def _requests(asked: _Asked) -> dict[str, Any]:
    requests = [request for request in requests_of(asked.problem) if request.stop_ids[0] in asked.rows]
    return {
        "request_first": _ints([0, *np.cumsum([len(request.stop_ids) for request in requests])]),
        "request_stops": _ints([asked.rows[stop_id] for request in requests for stop_id in request.stop_ids]),
        "request_cents": _ints([request.unserved_cents for request in requests]),
    }


def _vehicles(asked: _Asked) -> dict[str, Any]:
    problem, vehicles, prices = asked.problem, asked.problem.vehicles, asked.problem.objective
    rows = {depot.id: row for row, depot in enumerate(problem.depots)}
    reload_allowed = np.zeros((len(vehicles), len(rows)), np.bool_)
    for number, vehicle in enumerate(vehicles):
        reload_allowed[number, [rows[depot_id] for depot_id in vehicle.reload_depots]] = True
    return {
        "capacity": _table([asked.amounts(each.capacity, each.capacities) for each in vehicles], asked.names),
        "initial": _table([asked.amounts(each.on_board_load, each.on_board_loads) for each in vehicles], asked.names),
        "open_start": _flags([vehicle.open_start for vehicle in vehicles]),
        "open_end": _flags([vehicle.open_end for vehicle in vehicles]),
        "duty_cents_per_h": _own([vehicle.duty_cents_per_h for vehicle in vehicles], prices.duty_cents_per_h),
        "distance_cents_per_km": _own(
            [vehicle.distance_cents_per_km for vehicle in vehicles], prices.distance_cents_per_km
        ),
        "over_units_per_s": _ints([_over_units(problem, vehicle) for vehicle in vehicles]),
        "over_limit_s": _ints([_bound(vehicle.overtime_limit_s) for vehicle in vehicles]),
        "lifo": _flags([vehicle.lifo for vehicle in vehicles]),
        "pickups_last": _flags([vehicle.pickups_last for vehicle in vehicles]),
        "start_depot": _ints([rows.get(vehicle.start_depot or "", -1) for vehicle in vehicles]),
        "reload_allowed": reload_allowed,
        "reloads_limit": _ints([_bound(vehicle.reloads_limit) for vehicle in vehicles]),
    }


def _over_units(problem: Problem, vehicle: Vehicle) -> int:
    if vehicle.overtime_cents_per_h is None:
        return problem.objective.lateness_cents_per_min * LATE_UNITS
    return vehicle.overtime_cents_per_h * HOURLY_UNITS


def _limits(problem: Problem) -> dict[str, Any]:
    vehicles = problem.vehicles
    return {
        "duration_limit_s": _ints([_bound(vehicle.duration_limit_s) for vehicle in vehicles]),
        "distance_limit_m": _ints([_bound(vehicle.distance_limit_m) for vehicle in vehicles]),
        "driving_limit_s": _ints([min(_driving_limits_s(vehicle)) for vehicle in vehicles]),
        "stops_limit": _ints([_bound(vehicle.stops_limit) for vehicle in vehicles]),
    }


def _driving_limits_s(vehicle: Vehicle) -> Iterator[int]:
    yield _bound(vehicle.driving_limit_s)
    rules, clocks = vehicle.driving_rules, vehicle.driving_clocks
    if rules is not None:
        yield max(0, _bound(rules.driving_limit_s) - clocks.driving_today_s)
        yield max(0, _bound(rules.week_limit_s) - clocks.driving_week_s)
        yield max(0, _bound(rules.fortnight_limit_s) - clocks.driving_fortnight_s)


def _breaks(asked: _Asked) -> dict[str, Any]:
    vehicles = asked.problem.vehicles
    shape = len(vehicles), max((len(vehicle.breaks) for vehicle in vehicles), default=0)
    open_s, close_s, lasts_s = (np.zeros(shape, np.int64) for _ in range(3))
    for row, vehicle in enumerate(vehicles):
        for column, each in enumerate(vehicle.breaks):
            open_s[row, column] = each.window.start_s - asked.origin_s
            close_s[row, column] = each.window.end_s - asked.origin_s
            lasts_s[row, column] = each.duration_s
    count = _ints([len(vehicle.breaks) for vehicle in vehicles])
    return {"break_count": count, "break_open_s": open_s, "break_close_s": close_s, "break_s": lasts_s}


def _driving(asked: _Asked) -> dict[str, Any]:
    """Return the driving rules of each vehicle; those without have limits that nothing reaches."""
    size = len(asked.problem.vehicles)
    until_s, first_s, span_end_s, span_s = (np.full(size, FAR_S, np.int64) for _ in range(4))
    rest_s, second_s, since_s = (np.zeros(size, np.int64) for _ in range(3))
    taken = np.zeros(size, np.bool_)
    for row, vehicle in enumerate(asked.problem.vehicles):
        rules, clocks = vehicle.driving_rules, vehicle.driving_clocks
        if rules is None:
            continue
        until_s[row], rest_s[row] = _bound(rules.driving_until_break_s), rules.break_s
        if rules.split_s is not None:
            first_s[row], second_s[row] = rules.split_s
        since_s[row], taken[row] = clocks.driving_since_break_s, clocks.split_taken
        if clocks.on_duty_since_s is None:
            span_s[row] = _bound(rules.span_limit_s)
        elif rules.span_limit_s is not None:
            span_end_s[row] = clocks.on_duty_since_s + rules.span_limit_s - asked.origin_s
    return {
        "driving_until_break_s": until_s,
        "rest_s": rest_s,
        "split_first_s": first_s,
        "split_second_s": second_s,
        "since_break_s": since_s,
        "split_taken": taken,
        "span_end_s": span_end_s,
        "span_limit_s": span_s,
    }


def _depots(asked: _Asked) -> dict[str, Any]:
    depots, names = asked.problem.depots, asked.names
    always = (TimeWindow(start_s=asked.origin_s, end_s=asked.origin_s + FAR_S),)
    windows = [depot.windows or always for depot in depots]
    shape = len(depots), max(map(len, windows), default=0)
    open_s, close_s = (np.full(shape, FAR_S, np.int64) for _ in range(2))
    for row, several in enumerate(windows):
        for column, window in enumerate(several):
            open_s[row, column], close_s[row, column] = window.start_s - asked.origin_s, window.end_s - asked.origin_s
    stock = [
        [BOUNDLESS if depot.stock is None else dict(depot.stock).get(name, 0) for name in names] for depot in depots
    ]
    return {
        "depot_open_s": open_s,
        "depot_close_s": close_s,
        "reload_s": _ints([depot.reload_s for depot in depots]),
        "stock": _table(stock, names),
    }


def _bound(limit: int | None) -> int:
    return FAR_S if limit is None else limit


def _own(prices: Sequence[int | None], usual: int) -> Ints:
    return _ints([usual if price is None else price for price in prices])


def _ints(values: Sequence[Any]) -> Ints:
    return np.array(values, np.int64)


def _flags(values: Sequence[bool]) -> Flags:
    return np.array(values, np.bool_)


def _table(rows: Sequence[Sequence[int]], names: Sequence[str]) -> Ints:
    return _ints(rows).reshape(len(rows), len(names))
