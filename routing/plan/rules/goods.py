"""Which kinds of goods may not be on board together, and which require others on the route."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.plan.rules.book import Book, collects, delivers
from routing.plan.rules.breach import Breach
from routing.problem.model import Vehicle


def goods_breaches(book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> Iterator[Breach]:
    """Yield each pair of stops whose goods meet on board and may not, and each kind that misses another one."""
    if not book.goods:
        return
    yield from _apart(book, vehicle, stop_ids)
    first: dict[str, str] = {}
    for stop_id in stop_ids:
        if stop_id in book.goods:
            first.setdefault(book.goods[stop_id], stop_id)
    for kind, needed in book.problem.required_goods:
        if kind in first and needed not in first:
            cause = f"{kind} requires a stop with {needed} on the route of {vehicle.id}"
            yield Breach(
                code="GOODS_REQUIRED", vehicle_id=vehicle.id, stop_id=first[kind], cause=cause, of=f"{kind}, {needed}"
            )


def _apart(book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> Iterator[Breach]:
    if not book.problem.incompatible_goods:
        return
    spans = on_board_spans(book, stop_ids)
    apart = {frozenset(pair): ", ".join(pair) for pair in book.problem.incompatible_goods}
    for index, (kind, since, until, stop_id) in enumerate(spans):
        for other_kind, other_since, other_until, other_id in spans[:index]:
            pair = apart.get(frozenset((kind, other_kind)))
            if pair is not None and max(since, other_since) < min(until, other_until):
                cause = f"its {kind} would be on board together with the {other_kind} of {other_id}"
                yield Breach(code="GOODS_APART", vehicle_id=vehicle.id, stop_id=stop_id, cause=cause, of=pair)


def on_board_spans(book: Book, stop_ids: Sequence[str]) -> list[tuple[str, int, int, str]]:
    """Return kind, from which halt on to which one it is on board, and its stop; -1 is the start of the route.

    Goods leave at the halt of the second number, and what comes on board there meets them no more.
    """
    spans, trip_from, open_from = list[tuple[str, int, int, str]](), -1, dict[str, int]()
    ends = [index for index, stop_id in enumerate(stop_ids) if stop_id not in book.stops] + [len(stop_ids)]
    for index, stop_id in enumerate(stop_ids):
        stop = book.stops.get(stop_id)
        if stop is None:
            trip_from = index
            continue
        kind = book.goods.get(stop_id)
        if kind is None:
            continue
        shipment = book.shipments.get(stop_id)
        if shipment is not None:
            if stop_id == shipment.pickup_stop_id:
                open_from[shipment.id] = index
            elif shipment.id in open_from:
                spans.append((kind, open_from.pop(shipment.id), index, stop_id))
            continue
        if delivers(stop) or not collects(stop):
            spans.append((kind, -1 if stop.on_board else trip_from, index, stop_id))
        if collects(stop):
            spans.append((kind, index, next(end for end in ends if end > index), stop_id))
    return spans
