"""How much of each load a vehicle carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.plan.rules.book import Book
from routing.plan.rules.breach import Breach
from routing.plan.rules.on_board import capacity_of, loads_along
from routing.problem.model import LOAD, Vehicle


def capacity_breaches(book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> Iterator[Breach]:
    """Yield each load of which too much is on board somewhere, where that is most."""
    along = loads_along(book, vehicle, stop_ids)
    most: dict[str, tuple[int, int]] = {}
    for index, loads in enumerate(along):
        for name, amount in loads.items():
            if name not in most or amount > most[name][0]:
                most[name] = amount, index
    for name, (amount, index) in most.items():
        room = capacity_of(vehicle, name)
        if amount > room:
            said = "" if name == LOAD else f" of {name}"
            cause = f"{vehicle.id} would carry {amount}{said}, {amount - room} more than its {room}"
            where = stop_ids[index - 1] if index else None
            yield Breach(
                code="CAPACITY", vehicle_id=vehicle.id, stop_id=where, cause=cause, excess=amount - room, of=name
            )
