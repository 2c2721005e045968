"""How much of each load a vehicle carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.plan.rules.book import Book
from routing.plan.rules.breach import Breach
from routing.problem.model import LOAD, Vehicle


def capacity_breaches(book: Book, vehicle: Vehicle, stop_ids: Sequence[str]) -> Iterator[Breach]:
    """Yield each load of which too much is on board somewhere, where that is most."""
    loads = book.loads
    along = loads.along(vehicle.id, stop_ids)
    for number, (name, room) in enumerate(zip(loads.names, loads.capacity[vehicle.id], strict=True)):
        amount, index = max((on_board[number], -index) for index, on_board in enumerate(along))
        if amount > room:
            said = "" if name == LOAD else f" of {name}"
            cause = f"{vehicle.id} would carry {amount}{said}, {amount - room} more than its {room}"
            where = stop_ids[-index - 1] if index else None
            yield Breach(
                code="CAPACITY", vehicle_id=vehicle.id, stop_id=where, cause=cause, excess=amount - room, of=name
            )
