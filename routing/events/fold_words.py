"""A dispatcher's own word, as it changes the day: of two that contradict each other the later one counts.

A pin or a move binds a stop to a vehicle and lifts a ban of that vehicle; a ban lifts a pin or a move to that
vehicle. What is taken back is as if it had never been said, so the word before it counts again.
"""

from __future__ import annotations

from dataclasses import replace

from routing.events.day import StopState, Word
from routing.events.draft import Draft
from routing.events.words import StopMoved, StopPinned, WordWithdrawn


def said(event: Word, day: Draft) -> None:
    """Follow a pin, a move or a ban, unless it was taken back before it came."""
    if event.id in day.withdrawn:
        return
    stop = day.stops[event.stop_id]
    _with_words(day, stop, (*stop.words, event))


def withdrawn(event: WordWithdrawn, day: Draft) -> None:
    """Take a word back; it may come before what it takes back."""
    day.withdrawn |= {event.event_id}
    word = day.seen.get(event.event_id)
    if not isinstance(word, Word):
        return
    stop = day.stops[word.stop_id]
    _with_words(day, stop, tuple(each for each in stop.words if each.id != event.event_id))


def break_circle(stops: dict[str, StopState], stop_id: str, after: str | None) -> None:
    """Let the older word give way, in place, where a stop is to come after one that itself comes after it."""
    while after is not None and after in stops:
        before = stops[after]
        if before.moved_after == stop_id:
            stops[after] = replace(before, moved_after=None)
            return
        after = before.moved_after


def _with_words(day: Draft, stop: StopState, words: tuple[Word, ...]) -> None:
    binding, forbidden = _rule(words)
    bound = replace(stop, words=words, forbidden=forbidden)
    if binding == _rule(stop.words)[0]:
        # A plan may have settled its place since.
        day.put_stop(bound)
        return
    if binding is None:
        day.put_stop(replace(bound, pinned_vehicle=None, pinned_position=None, moved_after=None))
        return
    after = binding.after_stop_id if isinstance(binding, StopMoved) else None
    position = binding.position if isinstance(binding, StopPinned) else None
    if isinstance(binding, StopMoved) and after is None:
        position = 0
    bound = replace(bound, pinned_vehicle=binding.vehicle_id, pinned_position=position, moved_after=after)
    break_circle(day.stops, stop.stop.id, after)
    day.put_stop(bound)


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
