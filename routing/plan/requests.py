"""Group stops into requests: what is planned or left out whole."""

from __future__ import annotations

from dataclasses import dataclass

from routing.problem.model import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Hold the stops of one request: a single one, pickup and delivery of a shipment, or a group together."""

    stop_ids: tuple[str, ...]
    """In the order in which they are served."""
    is_pair: bool = False
    """True for a shipment: other stops may come between its two; those of a group follow each other."""
    unserved_cents: int
    """What leaving it out costs."""


def requests_of(problem: Problem) -> tuple[Request, ...]:
    """Return the requests of a problem, in the order of their first stops."""
    stops = {stop.id: stop for stop in problem.stops}
    whole: dict[str, tuple[str, ...]] = {}
    pairs = set()
    for shipment in problem.shipments:
        pair = (shipment.pickup_stop_id, shipment.delivery_stop_id)
        pairs.add(pair)
        whole |= dict.fromkeys(pair, pair)
    groups: dict[str, list[str]] = {}
    for stop in problem.stops:
        if stop.together and stop.id not in whole:
            groups.setdefault(stop.together, []).append(stop.id)
    for group in groups.values():
        whole |= dict.fromkeys(group, tuple(group))
    each = dict.fromkeys(whole.get(stop.id, (stop.id,)) for stop in problem.stops)
    return tuple(
        Request(
            stop_ids=stop_ids,
            is_pair=stop_ids in pairs,
            unserved_cents=sum(problem.unserved_cents(stops[stop_id]) for stop_id in stop_ids),
        )
        for stop_ids in each
    )
