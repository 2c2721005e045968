"""A log that goes on in memory from where a day's log ends: what is appended to it leaves no trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from routing.errors import ConflictError
from routing.events.types import Event


class DayLog(Protocol):
    """Hold a day's events in order, and bytes by name beside them."""

    def events(self, *, after: int = 0) -> tuple[Event, ...]:
        """Return the events behind a sequence number, in order; the first has number 1."""
        ...

    def blob(self, name: str) -> bytes:
        """Return the bytes of a name."""
        ...

    def append(self, events: Sequence[Event], *, expected_seq: int, blobs: Mapping[str, bytes] | None = None) -> int:
        """Append events and bytes together or not at all, and return the number of the last event.

        ConflictError where the log does not end at `expected_seq` any more.
        """
        ...


class ForkedLog:
    """Read from a log, and append in memory only."""

    def __init__(self, log: DayLog, seq: int) -> None:
        """Take the log and the number of its last event that the fork knows."""
        self._log, self._forked_at = log, seq
        self._events: list[Event] = []
        self._blobs: dict[str, bytes] = {}

    def events(self, *, after: int = 0) -> tuple[Event, ...]:
        """Return the events behind a sequence number: the log's up to the fork, then the fork's own."""
        shared = self._log.events(after=after)[: max(0, self._forked_at - after)] if after < self._forked_at else ()
        return (*shared, *self._events[max(0, after - self._forked_at) :])

    def blob(self, name: str) -> bytes:
        """Return the bytes of a name, the fork's own first."""
        return self._blobs[name] if name in self._blobs else self._log.blob(name)

    def append(self, events: Sequence[Event], *, expected_seq: int, blobs: Mapping[str, bytes] | None = None) -> int:
        """Append in memory; ConflictError where the fork does not end at `expected_seq`."""
        last = self._forked_at + len(self._events)
        if last != expected_seq:
            raise ConflictError(f"the fork ends at event {last}, not at {expected_seq}")
        self._events += events
        self._blobs |= blobs or {}
        return last + len(events)
