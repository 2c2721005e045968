"""What was stored by format version 1 is read for ever, with the same meaning and the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from routing.events.fold import replay
from routing.events.types import EVENT_TYPES
from routing.export.document import document_bytes, read_document
from routing.store.event_codec import event_from_text, event_text

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def rows():
    return [json.loads(line) for line in (HERE / "day_v1.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_stored_plan_is_read_and_written_again_as_it_was():
    document = read_document(HERE / "plan_v1.json")
    assert document_bytes(document) == (HERE / "plan_v1.json").read_bytes()
    assert (document.format, document.format_version, document.totals.served) == ("routing-plan", 1, 4)


def test_the_stored_day_holds_every_type_of_event_of_its_time(rows):
    later = {"road_reopened"}
    assert {name for name, _ in rows} == {kind.TYPE for kind in EVENT_TYPES} - later


def test_every_stored_event_is_read_and_written_again_as_it_was(rows):
    for name, body in rows:
        assert event_text(event_from_text(name, body, where="golden")) == body


def test_events_and_fields_that_came_later_are_read_and_written_again_as_they_were():
    lines = (HERE / "later_events_v1.jsonl").read_text(encoding="utf-8").splitlines()
    later = {name: event_from_text(name, body, where="golden") for name, body in map(json.loads, lines)}
    assert [[name, event_text(event)] for name, event in later.items()] == [json.loads(line) for line in lines]
    assert later["traffic_reported"].fade_s == 900
    assert later["road_reopened"].id == "open-c"
    assert later["plan_published"].runs[0].pace == (200, 180)


def test_the_stored_day_folds_to_what_happened(rows):
    day = replay([event_from_text(name, body, where="golden") for name, body in rows])
    states = {stop_id: state.state for stop_id, state in day.stops.items()}
    # S3 was served, S4 failed, S2 was cancelled; S1 and the added S5 are still to be visited.
    assert states == {"S1": "planned", "S2": "cancelled", "S3": "served", "S4": "failed", "S5": "planned"}
    assert day.plan is not None
    assert day.plan.version == 9
    # The jam of event b was withdrawn by e; the closure and the rain are conditions of the day.
    assert [condition.id for condition in day.conditions()] == ["c", "d"]
