"""Faults of requests: shipments and groups of stops, which are served whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from routing.errors import Issue
from routing.problem.model import Problem, Shipment, Stop
from routing.problem.validate.checks import amounts, negative, repeated


def shipment_issues(problem: Problem) -> Iterator[Issue]:
    """Find every fault of shipments and of their stops."""
    stops = {stop.id: stop for stop in problem.stops}
    yield from repeated("shipment", (shipment.id for shipment in problem.shipments))
    for shipment in problem.shipments:
        where = f"shipment {shipment.id}"
        yield from negative(where, [("load", shipment.load)])
        yield from amounts(where, "loads", shipment.loads)
        for stop_id in _ends(shipment):
            if stop_id not in stops:
                cause = f"names {stop_id}, which is no stop of the problem"
                yield Issue(code="STOP_UNKNOWN", where=where, cause=cause, action="Name stops of the problem.")
            else:
                yield from _shipment_stop(shipment, stops[stop_id])
        if len(_ends(shipment)) == 1:
            cause = f"is picked up and delivered at {shipment.pickup_stop_id}"
            yield Issue(code="SHIPMENT_SAME_STOP", where=where, cause=cause, action="Give it two stops.")
        yield from _kind(shipment, stops)
    named = Counter(stop_id for shipment in problem.shipments for stop_id in _ends(shipment))
    for stop_id, count in named.items():
        if count > 1:
            cause = f"belongs to {count} shipments"
            action = "Give each shipment stops of its own; two may lie at one place."
            yield Issue(code="SHIPMENT_STOP_TWICE", where=f"stop {stop_id}", cause=cause, action=action)


def _ends(shipment: Shipment) -> tuple[str, ...]:
    return tuple(dict.fromkeys((shipment.pickup_stop_id, shipment.delivery_stop_id)))


def _shipment_stop(shipment: Shipment, stop: Stop) -> Iterator[Issue]:
    """Find what a stop of a shipment may not ask for, since the shipment says what is carried."""
    refused = {
        "load": stop.load,
        "loads": stop.loads,
        "pickup_load": stop.pickup_load,
        "pickup_loads": stop.pickup_loads,
        "on_board": stop.on_board is not None,
        "release_s": stop.release_s is not None,
    }
    where, fields = f"stop {stop.id}", ", ".join(name for name, given in refused.items() if given)
    if fields:
        cause = f"belongs to the shipment {shipment.id} and has {fields} of its own"
        action = "Let the shipment say what is carried, and give what goes from or to a depot a stop of its own."
        yield Issue(code="SHIPMENT_STOP_LOADED", where=where, cause=cause, action=action)
    if stop.together:
        cause = f"belongs to the shipment {shipment.id} and to the group {stop.together}"
        action = "Take it out of the group, or give the shipment another stop."
        yield Issue(code="SHIPMENT_TOGETHER", where=where, cause=cause, action=action)


def _kind(shipment: Shipment, stops: dict[str, Stop]) -> Iterator[Issue]:
    pickup, delivery = stops.get(shipment.pickup_stop_id), stops.get(shipment.delivery_stop_id)
    if pickup is not None and delivery is not None and delivery.goods not in ("", pickup.goods):
        cause = f"delivers {delivery.goods!r}, but the shipment {shipment.id} picks up {pickup.goods!r}"
        action = "Name the kind at the pickup stop only."
        yield Issue(code="SHIPMENT_GOODS", where=f"stop {delivery.id}", cause=cause, action=action)


def committed_whole_issues(problem: Problem) -> Iterator[Issue]:
    """Find committed visits whose request is not committed whole, to one vehicle and in an order that can hold."""
    groups: dict[str, list[str]] = {}
    for stop in problem.stops:
        if stop.together:
            groups.setdefault(stop.together, []).append(stop.id)
    wanted = [(f"shipment {each.id}", _ends(each), False) for each in problem.shipments]
    wanted += [(f"group {name}", tuple(stop_ids), True) for name, stop_ids in groups.items()]
    holder = {stop_id: vehicle for vehicle in problem.vehicles for stop_id in vehicle.committed}
    for where, stop_ids, in_a_row in wanted:
        held = [stop_id for stop_id in stop_ids if stop_id in holder]
        if not held:
            continue
        vehicles = {holder[stop_id].id for stop_id in held}
        if len(held) < len(stop_ids) or len(vehicles) > 1:
            cause = f"of {', '.join(stop_ids)} only {', '.join(held)} are committed, to {', '.join(sorted(vehicles))}"
            action = "Commit all stops of it to one vehicle, or none."
            yield Issue(code="COMMITTED_HALF", where=where, cause=cause, action=action)
        elif not _in_order(holder[held[0]].committed, stop_ids, in_a_row=in_a_row):
            cause = f"{', '.join(stop_ids)} are committed in an order in which they may not be served"
            how = "one right after the other" if in_a_row else "the pickup first"
            yield Issue(code="COMMITTED_ORDER", where=where, cause=cause, action=f"Commit {how}.")


def _in_order(committed: Sequence[str], stop_ids: Sequence[str], *, in_a_row: bool) -> bool:
    at = [committed.index(stop_id) for stop_id in stop_ids]
    return at == list(range(at[0], at[0] + len(at))) if in_a_row else at == sorted(at)
