"""What customers ask for, as it changes the day; the last word in the log counts.

Whether somebody is there is told by several people, so that word counts which became known last.
"""

from __future__ import annotations

from dataclasses import replace

from routing.events.day import CANCELLED, StopState
from routing.events.draft import Draft
from routing.events.news import AvailabilityTold, CustomerAvailable, StopChanged
from routing.events.types import CustomerUnavailable, StopAdded, StopCancelled, WindowChanged


def window_changed(event: WindowChanged, day: Draft) -> None:
    """Give a stop other windows."""
    stop = day.stops[event.stop_id]
    day.put_stop(_promised(replace(stop, stop=replace(stop.stop, windows=event.windows))))


def changed(event: StopChanged, day: Draft) -> None:
    """Ask otherwise for a stop; who was reported to be at another place has not arrived."""
    stop, asked = day.stops[event.stop_id], day.stops[event.stop_id].stop
    moved = event.location is not None and event.location != asked.location
    asked = replace(
        asked,
        windows=asked.windows if event.windows is None else event.windows,
        load=asked.load if event.load is None else event.load,
        location=asked.location if event.location is None else event.location,
        address=asked.address if event.address is None else event.address,
        priority=asked.priority if event.priority is None else event.priority,
        service_s=asked.service_s if event.service_s is None else event.service_s,
    )
    day.put_stop(_promised(replace(stop, stop=asked, arrived_s=None if moved else stop.arrived_s)))


def unavailable(event: CustomerUnavailable, day: Draft) -> None:
    """Note an absence; a customer who gives another time takes the one before back."""
    stop = day.stops[event.stop_id]
    if is_overtaken(stop, event):
        return
    absence = ((event.effective_at_s, event.until_s),)
    day.put_stop(_promised(replace(stop, unavailable=absence, presence_told_s=event.known_at_s)))


def available(event: CustomerAvailable, day: Draft) -> None:
    """Note that somebody can receive again."""
    stop = day.stops[event.stop_id]
    if is_overtaken(stop, event):
        return
    day.put_stop(replace(stop, unavailable=(), presence_told_s=event.known_at_s))


def availability_told(event: AvailabilityTold, day: Draft) -> None:
    """Note how likely somebody can receive, by time."""
    stop = day.stops[event.stop_id]
    day.put_stop(replace(stop, stop=replace(stop.stop, availability=event.steps)))


def added(event: StopAdded, day: Draft) -> None:
    """Ask for one more stop."""
    detail = "it came after the last plan; the next re-plan finds a place for it"
    asked = event.stop
    day.put_stop(
        StopState(stop=asked, reason="NOT_PLANNED", detail=detail, attempts=asked.attempts, on_board=asked.on_board)
    )


def cancelled(event: StopCancelled, day: Draft) -> None:
    """Ask no longer for a stop."""
    stop, at_s = day.stops[event.stop_id], event.effective_at_s
    day.put_stop(replace(stop, state=CANCELLED, ended_s=at_s, cancelled_s=at_s, reason="", detail=""))


def is_overtaken(stop: StopState, event: CustomerUnavailable | CustomerAvailable) -> bool:
    """Tell whether a word about a customer's presence became known before the one that counts."""
    return stop.presence_told_s is not None and event.known_at_s < stop.presence_told_s


def _promised(stop: StopState) -> StopState:
    """Return a stop without a promise that its customer has taken back by other windows or by an absence."""
    promise, windows = stop.promise, stop.stop.windows
    if promise is None:
        return stop
    inside = not windows or any(w.start_s <= promise.start_s and promise.end_s <= w.end_s for w in windows)
    away = any(
        from_s <= promise.end_s and (until_s is None or promise.start_s < until_s)
        for from_s, until_s in stop.unavailable
    )
    return stop if inside and not away else replace(stop, promise=None)
