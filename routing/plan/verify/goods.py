"""Goods: kinds that are kept apart, and kinds that require others."""

from __future__ import annotations

from collections.abc import Iterator

from routing.plan.verify.codes import Violation
from routing.plan.verify.facts import Driven
from routing.plan.verify.unloading import gives, takes
from routing.problem.model import Stop


def apart(driven: Driven) -> Iterator[Violation]:
    """Find pairs of kinds that are on board together although they may not be."""
    pairs = driven.asked.problem.incompatible_goods
    spans = _spans(driven) if pairs else []
    for one, other in pairs:
        for stop, first, last in spans:
            for mate, mate_first, mate_last in spans:
                if (stop.goods, mate.goods) == (one, other) and first < mate_last and mate_first < last:
                    cause = f"has {one} for {stop.id} on board together with {other} for {mate.id}"
                    yield Violation(code="GOODS_APART", where=driven.where, cause=cause)


def required(driven: Driven) -> Iterator[Violation]:
    """Find kinds on a route without the kinds that they require."""
    if not driven.asked.problem.required_goods:
        return
    kinds = {stop.goods for _, stop in driven.served}
    for kind, needed in driven.asked.problem.required_goods:
        if kind in kinds and needed not in kinds:
            cause = f"has {kind}, which requires {needed}"
            yield Violation(code="GOODS_REQUIRED", where=driven.where, cause=cause)


def _spans(driven: Driven) -> list[tuple[Stop, int, int]]:
    """Return each stop with goods, after which departure they are on board, and after which they are no more.

    Departures are counted; the start of the route is 0. What is neither collected nor carried from stop to stop comes
    from the depot, whatever its amount.
    """
    number = {visit.stop_id: count for count, visit in enumerate(driven.route.visits, start=1) if not visit.reload}
    found, begin = [], 0
    for trip in driven.trips:
        begin += trip.reload is not None
        end = begin + len(trip.served) + 1
        for _, stop in trip.served:
            first, last = number[stop.id], end
            shipment = driven.asked.shipments.get(stop.id)
            if shipment is not None:
                last = number.get(shipment.delivery_stop_id, end)
            elif gives(stop) or not takes(stop):
                first = begin if stop.on_board is None else 0
                last = end if takes(stop) else number[stop.id]
            if stop.goods and (shipment is None or shipment.pickup_stop_id == stop.id):
                found.append((stop, first, last))
        begin = end - 1
    return found
