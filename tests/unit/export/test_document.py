from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from plan_documents import fields, sample_document

from routing.errors import InputError
from routing.export.document import (
    PlanContext,
    document_bytes,
    parse_document,
    plan_document,
    plan_from_document,
    read_document,
)
from routing.network.location import Location
from routing.plan.model import Cost, EngineRun, Leg, Plan, Route, Unassigned, Visit
from routing.problem.model import Problem, Stop, TimeWindow, Vehicle

EIGHT = 1_795_417_200
"""2026-11-23T08:00:00+01:00: 20,780 days and 7 h after the epoch is 20,780 x 86,400 + 25,200."""


class DrawnTravel:
    """Knows lines and snap distances, which is all that a document asks of travel."""

    snap_distance_m = np.array([0.0, 12.34, np.inf])

    def geometry(self, origin, destination, depart_s):
        return ((43.7, 7.4), (43.7, 7.412346), (43.7 + destination, 7.4))


def day() -> tuple[Problem, Plan]:
    """One van serves S (15 minutes late, after 5 minutes' wait) and leaves T out."""
    stops = (
        Stop(
            id="S",
            place=1,
            windows=(TimeWindow(start_s=EIGHT + 900, end_s=EIGHT + 1800),),
            service_s=120,
            load=3,
            priority=4,
            address="Rue Grimaldi 1",
            columns=(("phone", "+377"), ("note", "")),
        ),
        Stop(id="T", place=2),
    )
    van = Vehicle(
        id="v",
        profile="van",
        capacity=9,
        shift=TimeWindow(start_s=EIGHT, end_s=EIGHT + 36_000),
        start_place=0,
        end_place=0,
    )
    problem = Problem(
        stops=stops,
        vehicles=(van,),
        places=tuple(Location(lat_deg=43.0 + place, lon_deg=7.0) for place in range(3)),
        travel=DrawnTravel(),
        time_zone="Europe/Berlin",
    )
    visit = Visit(
        stop_id="S",
        arrive_s=EIGHT + 2400,
        start_s=EIGHT + 2700,
        depart_s=EIGHT + 2820,
        waiting_s=300,
        lateness_s=900,
        load_after=0,
    )
    legs = (
        Leg(from_place=0, to_place=1, depart_s=EIGHT, duration_s=2400, distance_m=20_000),
        Leg(from_place=1, to_place=0, depart_s=EIGHT + 2820, duration_s=780, distance_m=5_000),
    )
    route = Route(vehicle_id="v", start_s=EIGHT, end_s=EIGHT + 3600, visits=(visit,), legs=legs)
    plan = Plan(
        routes=(route,),
        unassigned=(Unassigned(stop_id="T", reason="UNREACHABLE", detail="far away"),),
        cost=Cost(duty_cents=2400, distance_cents=875, vehicle_cents=3000, lateness_cents=750, unserved_cents=10_000),
        runs=(EngineRun(engine="ortools", seed=5, iterations=12, stopped_by="iterations"),),
        notes=("late",),
    )
    return problem, plan


def context(**changed):
    known = {
        "date": date(2026, 11, 23),
        "profile": "van",
        "map_source": "m.osm.pbf",
        "map_sha256": "00",
        "map_attribution": "© OSM",
        "inputs": (("stops", "02"), ("fleet", "01")),
        "created_for_s": EIGHT,
    }
    return PlanContext(**{**known, **changed})


def test_a_document_says_what_the_plan_says_in_local_time():
    document = plan_document(*day(), context=context())
    route = document.routes[0]
    visit = route.visits[0]
    assert route.start.time == document.created_for == "2026-11-23T08:00:00+01:00"
    assert (visit.arrival, visit.start, visit.departure) == tuple(
        f"2026-11-23T08:{clock}+01:00" for clock in ("40:00", "45:00", "47:00")
    )
    assert visit.windows == (("2026-11-23T08:15:00+01:00", "2026-11-23T08:30:00+01:00"),)
    assert visit.columns == {"phone": "+377", "note": ""}
    assert (visit.lat_deg, visit.lon_deg, visit.snap_distance_m) == (44.0, 7.0, 12.3)
    assert route.load == 3  # 0 left after S, and 3 were for S
    assert route.legs[0].geometry == ((43.7, 7.4), (43.7, 7.412346), (44.7, 7.4))
    assert route.legs[1].arrive == route.end.time == "2026-11-23T09:00:00+01:00"
    assert document.unassigned[0].reason == "UNREACHABLE"
    assert list(document.inputs) == ["fleet", "stops"]


def test_totals_and_cost_are_the_sums_of_their_parts():
    document = plan_document(*day(), context=context())
    expected = {
        "stops": 2,
        "served": 1,
        "unassigned": 1,
        "routes": 1,
        "on_time": 0,
        "late": 1,
        "lateness_s": 900,
        "waiting_s": 300,
        "drive_s": 2400 + 780,
        "service_s": 120,
        "duty_s": 3600,
        "distance_m": 25_000,
    }
    assert document.totals.model_dump() == expected
    assert document.cost.total_cents == 2400 + 875 + 3000 + 750 + 10_000


def test_the_way_back_gives_the_plan_again():
    problem, plan = day()
    document = parse_document(document_bytes(plan_document(problem, plan, context=context())))
    assert plan_from_document(problem, document) == plan


def test_the_way_back_names_every_stranger():
    problem, plan = day()
    document = plan_document(problem, plan, context=context())
    with pytest.raises(InputError) as caught:
        plan_from_document(Problem(stops=(), vehicles=(), places=(), travel=DrawnTravel()), document)
    assert [(issue.code, issue.where) for issue in caught.value.issues] == [
        ("PLAN_VEHICLE", "routes[0].vehicle_id"),
        ("PLAN_STOP", "routes[0].visits[0].stop_id"),
        ("PLAN_STOP", "unassigned[0].stop_id"),
    ]


def test_the_same_document_gives_the_same_bytes_and_reads_back_equal():
    once, again = (document_bytes(plan_document(*day(), context=context())) for _ in range(2))
    assert once == again
    assert once.endswith(b"}\n")
    assert document_bytes(parse_document(once)) == once
    assert parse_document(document_bytes(sample_document())) == sample_document()


def test_each_line_of_a_leg_is_one_line_of_the_file():
    text = document_bytes(plan_document(*day(), context=context())).decode()
    assert '"geometry": [[43.7,7.4],[43.7,7.412346],[44.7,7.4]]\n' in text


def test_text_that_looks_like_a_geometry_keeps_its_blanks():
    raw = fields()
    raw["routes"][0]["visits"][0]["address"] = '"geometry": [ [1, 2], [3, 4] ]'
    document = type(sample_document()).model_validate(raw)
    assert parse_document(document_bytes(document)) == document


def faults_of(raw: object) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        parse_document(json.dumps(raw).encode())
    return [(issue.code, issue.where) for issue in caught.value.issues]


def test_every_fault_is_named_with_its_path():
    raw = fields()
    raw["format"] = "other"
    del raw["seed"]
    raw["routes"][0]["visits"][1]["arrival"] = "2026-11-23T08:25:00"
    raw["routes"][1]["legs"] = raw["routes"][1]["legs"][:1]
    raw["unassigned"][0]["lat_deg"] = 91
    raw["cost"]["duty_cents"] = "5000"
    assert faults_of(raw) == [
        ("PLAN_FIELD", "plan.json: format"),
        ("PLAN_FIELD", "plan.json: seed"),
        ("PLAN_FIELD", "plan.json: cost.duty_cents"),
        ("PLAN_FIELD", "plan.json: routes[0].visits[1].arrival"),
        ("PLAN_FIELD", "plan.json: routes[1]"),
        ("PLAN_FIELD", "plan.json: unassigned[0].lat_deg"),
    ]


@pytest.mark.parametrize("content", [b"", b'{"format": ', b"\xff\xfe", b"stop_id,lat_deg"])
def test_what_is_no_json_is_said_to_be_none(content):
    with pytest.raises(InputError) as caught:
        parse_document(content)
    assert [issue.code for issue in caught.value.issues] == ["PLAN_NOT_JSON"]


def test_a_file_that_is_not_there_is_a_fault_of_the_input(tmp_path):
    with pytest.raises(InputError) as caught:
        read_document(tmp_path / "none.json")
    assert caught.value.issues[0].code == "PLAN_UNREADABLE"


def test_fields_that_a_later_version_adds_are_skipped():
    raw = fields() | {"mood": "good"}
    assert parse_document(json.dumps(raw).encode()) == sample_document()
