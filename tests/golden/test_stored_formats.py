"""What was stored by format version 1 is read for ever, with the same meaning and the same bytes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from routing.events.fold import replay
from routing.events.types import EVENT_TYPES
from routing.export.document import document_bytes, read_document
from routing.interface.problem_from_document import problem_from_document
from routing.interface.problem_schema import DepotPart, PlacePart, ProblemDocument, StopPart, VehiclePart
from routing.interface.read_problem import read_problem_document
from routing.interface.write_problem import problem_bytes, problem_document
from routing.problem.validate import validate
from routing.store.event_codec import event_from_text, event_text

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def rows():
    return _rows("day_v1.jsonl")


@pytest.fixture(scope="module")
def later_rows():
    return _rows("later_events_v1.jsonl")


def _rows(name):
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def test_a_stored_plan_is_read_and_written_again_as_it_was():
    document = read_document(HERE / "plan_v1.json")
    assert document_bytes(document) == (HERE / "plan_v1.json").read_bytes()
    assert (document.format, document.format_version, document.totals.served) == ("routing-plan", 1, 4)


def test_a_stored_problem_that_asks_for_everything_is_read_and_written_again_as_it_was():
    document = read_problem_document(HERE / "problem_v1.json")
    problem = problem_from_document(document)
    assert validate(problem) == ()
    assert problem_bytes(problem_document(problem)) == (HERE / "problem_v1.json").read_bytes()
    asked = json.loads((HERE / "problem_v1.json").read_bytes())
    for part, kind in (("stops", StopPart), ("vehicles", VehiclePart), ("depots", DepotPart), ("places", PlacePart)):
        assert {name for each in asked[part] for name in each} == set(kind.model_fields)
    assert set(asked) == set(ProblemDocument.model_fields)


def test_there_is_a_stored_event_of_every_type(rows, later_rows):
    assert {name for name, _ in (*rows, *later_rows)} == {kind.TYPE for kind in EVENT_TYPES}


def test_every_stored_event_is_read_and_written_again_as_it_was(rows):
    for name, body in rows:
        assert event_text(event_from_text(name, body, where="golden")) == body


def test_events_and_fields_that_came_later_are_read_and_written_again_as_they_were(later_rows):
    later = {name: event_from_text(name, body, where="golden") for name, body in later_rows}
    assert [[name, event_text(event)] for name, event in later.items()] == later_rows
    assert later["traffic_reported"].fade_s == 900
    assert later["road_reopened"].id == "open-c"
    assert later["plan_published"].runs[0].pace == (200, 180)
    assert later["stop_added"].stop.availability[0].at_home_ratio == 0.8
    assert later["plan_proposed"].plan.transfers[0].stop_ids == ("S3",)
    assert later["plan_proposed"].plan.changes[0].causes == ("vehicle-out",)


def test_a_stored_day_keeps_the_options_it_was_begun_with(rows):
    options = event_from_text(*rows[0], where="golden").replan
    # Of the days before them: nothing was paid for the next stop or for promises, and no price rose.
    assert (options.next_stop_cents, options.promise_break_cents, options.near_factor) == (0, 0, 1.0)
    assert (options.attempts_per_day, options.freeze_order_stops, options.proposes) == (1, 0, False)


def test_the_stored_day_folds_to_what_happened(rows):
    day = replay([event_from_text(name, body, where="golden") for name, body in rows])
    states = {stop_id: state.state for stop_id, state in day.stops.items()}
    # S3 was served, S4 failed, S2 was cancelled; S1 and the added S5 are still to be visited.
    assert states == {"S1": "planned", "S2": "cancelled", "S3": "served", "S4": "failed", "S5": "planned"}
    assert day.plan is not None
    assert day.plan.version == 9
    # The jam of event b was withdrawn by e; the closure and the rain are conditions of the day.
    assert [condition.id for condition in day.conditions()] == ["c", "d"]
