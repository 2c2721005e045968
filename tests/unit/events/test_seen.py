"""The mapping of all events of a day: it grows, and what was given out before stays as it was."""

from __future__ import annotations

import pytest
from small_days import at_km, told

from routing.events.seen import Seen
from routing.events.types import VehicleLocated


def events(count):
    return [told(VehicleLocated, f"e{number}", number, vehicle_id="V", location=at_km(0)) for number in range(count)]


def test_it_holds_all_events_in_the_order_in_which_they_came():
    found, seen = events(100), Seen()
    for event in found:
        seen = seen.and_(event)
    assert list(seen.values()) == found
    assert (len(seen), seen["e7"], seen.get("e99"), seen.get("e100")) == (100, found[7], found[99], None)
    assert "e100" not in seen
    with pytest.raises(KeyError):
        seen["e100"]


def test_two_that_go_on_from_one_know_nothing_of_each_other():
    first, second, third = events(3)
    before = Seen().and_(first)
    one, other = before.and_(second), before.and_(third)
    assert (list(before), list(one), list(other)) == (["e0"], ["e0", "e1"], ["e0", "e2"])
    assert one != other
    assert one == Seen().and_(first).and_(second)
