"""Time windows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWindow:
    """Bind the start of service between two instants (Unix epoch), both included."""

    start_s: int
    end_s: int


def merge_windows(windows: Iterable[TimeWindow]) -> tuple[TimeWindow, ...]:
    """Return windows in order, those that touch or overlap as one."""
    merged: list[TimeWindow] = []
    for window in sorted(windows, key=lambda window: (window.start_s, window.end_s)):
        if merged and window.start_s <= merged[-1].end_s:
            merged[-1] = TimeWindow(start_s=merged[-1].start_s, end_s=max(merged[-1].end_s, window.end_s))
        else:
            merged.append(window)
    return tuple(merged)


def start_in(windows: Sequence[TimeWindow], ready_s: int) -> tuple[int, int]:
    """Return the first instant within a window from one on, itself after the last, and by how much it is after that."""
    for window in windows:
        if ready_s <= window.end_s:
            return max(ready_s, window.start_s), 0
    return ready_s, ready_s - windows[-1].end_s if windows else 0
