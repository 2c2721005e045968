"""Fields that came later are written only where they say something."""

from routing.events.asked import DayStop
from routing.events.types import StopAdded
from routing.network.location import Location
from routing.store.event_codec import event_from_text, event_text

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
