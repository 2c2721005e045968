"""A dispatcher's own word, as it changes the day: of two that contradict each other the later one counts.

A pin or a move binds a stop to a vehicle and lifts a ban of that vehicle; a ban lifts a pin or a move to that
vehicle. What is taken back is as if it had never been said, so the word before it counts again.
"""

from __future__ import annotations

from dataclasses import replace

from routing.events.day import Day, StopState, Word
from routing.events.words import StopMoved, StopPinned, WordWithdrawn


def said(event: Word, day: Day) -> Day:
    """Follow a pin, a move or a ban, unless it was taken back before it came."""
    if event.id in day.withdrawn:
        return day
    stop = day.stops[event.stop_id]
    return _with_words(day, stop, (*stop.words, event))


def withdrawn(event: WordWithdrawn, day: Day) -> Day:
    """Take a word back; it may come before what it takes back."""
    day = replace(day, withdrawn=day.withdrawn | {event.event_id})
    word = day.seen.get(event.event_id)
    if not isinstance(word, Word):
        return day
    stop = day.stops[word.stop_id]
    return _with_words(day, stop, tuple(each for each in stop.words if each.id != event.event_id))


def _with_words(day: Day, stop: StopState, words: tuple[Word, ...]) -> Day:
    binding, forbidden = _rule(words)
    bound = replace(stop, words=words, forbidden=forbidden)
    if binding == _rule(stop.words)[0]:
        # A plan may have settled its place since.
        return day.with_stop(bound)
    if binding is None:
        return day.with_stop(replace(bound, pinned_vehicle=None, pinned_position=None, moved_after=None))
    after = binding.after_stop_id if isinstance(binding, StopMoved) else None
    position = binding.position if isinstance(binding, StopPinned) else None
    if isinstance(binding, StopMoved) and after is None:
        position = 0
    bound = replace(bound, pinned_vehicle=binding.vehicle_id, pinned_position=position, moved_after=after)
    return _without_circle(day, stop.stop.id, after).with_stop(bound)


def _rule(words: tuple[Word, ...]) -> tuple[StopPinned | StopMoved | None, frozenset[str]]:
    """Return the word that binds a stop to a vehicle, and the vehicles that are forbidden."""
    binding: StopPinned | StopMoved | None = None
    forbidden: frozenset[str] = frozenset()
    for word in words:
        if isinstance(word, StopPinned | StopMoved):
            binding, forbidden = word, forbidden - {word.vehicle_id}
        else:
            forbidden |= {word.vehicle_id}
            binding = None if binding is not None and binding.vehicle_id == word.vehicle_id else binding
    return binding, forbidden


def _without_circle(day: Day, stop_id: str, after: str | None) -> Day:
    """Let the older word give way where a stop is to come after one that itself comes after it."""
    while after is not None and after in day.stops:
        before = day.stops[after]
        if before.moved_after == stop_id:
            return day.with_stop(replace(before, moved_after=None))
        after = before.moved_after
    return day
