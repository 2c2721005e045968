"""Depots and shipments: where goods come from and go to."""

from __future__ import annotations

from dataclasses import dataclass

from routing.problem.stop import Amounts
from routing.problem.window import TimeWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """Offer a place where vehicles load for a further trip; what they collected is unloaded there.

    Its id stands in an order between two trips, so no stop may have the same.
    """

    id: str
    place: int
    windows: tuple[TimeWindow, ...] = ()
    """A reload starts within one of them; none: at any time."""
    reload_s: int = 0
    """How long it takes to unload and load."""
    stock: Amounts | None = None
    """What it holds for all trips that are loaded there, the load without a name under `load`; a name that is missing
    is out of stock; None: enough of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """Carry goods from one stop to another: both on one trip of one vehicle, pickup first, or neither is served."""

    id: str
    pickup_stop_id: str
    delivery_stop_id: str
    load: int = 0
    loads: Amounts = ()
