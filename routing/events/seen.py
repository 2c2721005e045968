"""A mapping that never changes and yet grows cheaply: the events of a day by id, in the order of the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from routing.events.types import Event


class Seen(Mapping[str, "Event"]):
    """Hold events by id in parts of falling size; one more event makes a new mapping that shares the large parts.

    Adding n events one by one copies n log n entries in all, where copying one dict each time would be n squared
    (the logarithmic method of Bentley and Saxe, "Decomposable searching problems", 1980).
    """

    __slots__ = ("_parts",)

    def __init__(self, parts: tuple[dict[str, Event], ...] = ()) -> None:
        self._parts: Final = parts

    def and_(self, event: Event) -> Seen:
        """Return the mapping with one more event, whose id must be new to it."""
        kept, last = list(self._parts), {event.id: event}
        while kept and len(kept[-1]) <= len(last):
            last = kept.pop() | last
        return Seen((*kept, last))

    def __getitem__(self, event_id: str) -> Event:
        for part in self._parts:
            if event_id in part:
                return part[event_id]
        raise KeyError(event_id)

    def __iter__(self) -> Iterator[str]:
        for part in self._parts:
            yield from part

    def latest_first(self) -> Iterator[Event]:
        """Yield the events against the order of the log."""
        for part in reversed(self._parts):
            yield from reversed(part.values())

    def __len__(self) -> int:
        return sum(map(len, self._parts))
