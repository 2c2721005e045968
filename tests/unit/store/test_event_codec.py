"""Fields that came later are written only where they say something."""

from dataclasses import MISSING, fields, is_dataclass
from typing import get_args, get_type_hints

from small_days import started

from routing.events.asked import DayStop
from routing.events.types import EVENT_TYPES, StopAdded
from routing.network.location import Location
from routing.store.event_codec import ABSENT, event_from_text, event_text

TRICK = ',"approach":"either","access_walk":null'


def _added(approach, address=""):
    place = Location(lat_deg=1.0, lon_deg=2.0, approach=approach)
    return StopAdded(id="e", known_at_s=1, effective_at_s=1, stop=DayStop(id="S", location=place, address=address))


def test_the_usual_approach_is_not_written():
    text = event_text(_added("either"))
    assert '"location":{"lat_deg":1.0,"lon_deg":2.0,"heading_deg":null}' in text
    assert event_from_text("stop_added", text, where="here") == _added("either")


def test_another_approach_is_written_and_read():
    text = event_text(_added("curb"))
    assert '"heading_deg":null,"approach":"curb"}' in text
    assert event_from_text("stop_added", text, where="here") == _added("curb")


def test_texts_that_look_like_such_a_field_stay_whole():
    event = _added("either", address=TRICK)
    assert event_from_text("stop_added", event_text(event), where="here") == event


def _dataclasses(hint, found):
    if isinstance(hint, type) and is_dataclass(hint) and hint not in found:
        found.add(hint)
        for field in get_type_hints(hint).values():
            _dataclasses(field, found)
    for inner in get_args(hint):
        _dataclasses(inner, found)
    return found


def test_what_the_absence_of_a_later_field_means_is_what_reading_makes_of_it():
    kinds = {kind.__name__: kind for kind in set().union(*(_dataclasses(event, set()) for event in EVENT_TYPES))}
    for name, absent in ABSENT.items():
        defaults = {
            field.name: field.default if field.default_factory is MISSING else field.default_factory()
            for field in fields(kinds[name])
        }
        # Options of re-planning are completed when a day's beginning is read.
        read = defaults if name != "ReplanOptions" else {**defaults, **absent}
        assert {key: read[key] for key in absent} == absent, name


def test_prices_of_a_new_day_are_written_and_those_of_an_old_one_are_nothing():
    day = started((), ())
    text = event_text(day)
    assert '"near_factor":3.0' in text
    assert '"promise_s"' not in text
    assert event_from_text("day_started", text, where="here") == day
    old = event_from_text("day_started", text.replace(',"near_factor":3.0', ""), where="here")
    assert old.replan.near_factor == 1.0
