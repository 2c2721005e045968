"""Events as JSON: what is read of each type, and how every fault of all of them is told."""

from __future__ import annotations

import json
from datetime import date

import pytest

from routing.errors import InputError
from routing.events import news, types, words
from routing.events.asked import AvailabilityStep
from routing.interface import events_of_customers, events_of_dispatchers, events_of_drivers, events_of_roads
from routing.interface.event_bodies import EventContext
from routing.interface.event_schema import BODIES, parse_events
from routing.network.location import Location
from routing.problem.model import TimeWindow

CONTEXT = EventContext(
    day=date(1970, 1, 2),
    time_zone="UTC",
    bbox_deg=(7.0, 43.0, 8.0, 44.0),
    profiles=("car",),
)
MIDNIGHT_S = 86_400
H = 3_600
HEAD = {"id": "e", "known_at_s": MIDNIGHT_S + 8 * H, "effective_at_s": MIDNIGHT_S + 8 * H}
MADE_HERE = {"day_started", "plan_published", "plan_proposed"}


def read(kind, **fields):
    body = {"id": "e", "type": kind, "known_at": "08:00", **fields}
    return parse_events(json.dumps(body).encode(), context=CONTEXT, name="events")


def faults(*bodies):
    with pytest.raises(InputError) as caught:
        parse_events(json.dumps(list(bodies)).encode(), context=CONTEXT, name="events")
    return [(issue.code, issue.where) for issue in caught.value.issues]


def at(hour):
    return MIDNIGHT_S + round(hour * H)


VEHICLE = {
    "vehicle_id": "W",
    "capacity": 20,
    "shift_start": "09:00",
    "shift_end": "17:00",
    "start_lat_deg": 43.5,
    "start_lon_deg": 7.5,
}
PLACE = Location(lat_deg=43.5, lon_deg=7.5)


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("vehicle_departed", {"vehicle_id": "V"}, news.VehicleDeparted(vehicle_id="V", **HEAD)),
        ("vehicle_back", {"vehicle_id": "V"}, news.VehicleBack(vehicle_id="V", **HEAD)),
        ("vehicle_arrived", {"stop_id": "A"}, news.VehicleArrived(stop_id="A", **HEAD)),
        (
            "visit_delayed",
            {"stop_id": "A", "vehicle_id": "V", "until": "08:20"},
            news.VisitDelayed(stop_id="A", vehicle_id="V", until_s=at(8) + 1_200, **HEAD),
        ),
        (
            "vehicle_delayed",
            {"vehicle_id": "V", "until": "08:30"},
            news.VehicleDelayed(vehicle_id="V", until_s=at(8.5), **HEAD),
        ),
        (
            "break_taken",
            {"vehicle_id": "V", "until": "08:45"},
            news.BreakTaken(vehicle_id="V", until_s=at(8.75), **HEAD),
        ),
        (
            "vehicle_added",
            {"vehicle": VEHICLE},
            news.VehicleAdded(
                vehicle=types.DayVehicle(
                    id="W",
                    profile="car",
                    capacity=20,
                    shift=TimeWindow(start_s=at(9), end_s=at(17)),
                    start=PLACE,
                    end=PLACE,
                ),
                **HEAD,
            ),
        ),
        ("customer_available", {"stop_id": "A"}, news.CustomerAvailable(stop_id="A", **HEAD)),
        (
            "availability_told",
            {"stop_id": "A", "availability": [{"from": "09:00", "until": "12:00", "at_home": 0.8}]},
            news.AvailabilityTold(
                stop_id="A", steps=(AvailabilityStep(from_s=at(9), until_s=at(12), at_home_ratio=0.8),), **HEAD
            ),
        ),
        (
            "availability_told",
            {"stop_id": "A", "availability": []},
            news.AvailabilityTold(stop_id="A", steps=(), **HEAD),
        ),
        (
            "stop_changed",
            {"stop_id": "A", "load": 3, "lat_deg": 43.5, "lon_deg": 7.5},
            news.StopChanged(stop_id="A", load=3, location=PLACE, **HEAD),
        ),
        (
            "stop_changed",
            {"stop_id": "A", "windows": [["10:00", "12:00"]], "address": "Quai 1", "priority": 5, "service_s": 90},
            news.StopChanged(
                stop_id="A",
                windows=(TimeWindow(start_s=at(10), end_s=at(12)),),
                address="Quai 1",
                priority=5,
                service_s=90,
                **HEAD,
            ),
        ),
        ("stop_changed", {"stop_id": "A", "windows": []}, news.StopChanged(stop_id="A", windows=(), **HEAD)),
        (
            "stop_pinned",
            {"stop_id": "A", "vehicle_id": "V", "position": 1},
            words.StopPinned(stop_id="A", vehicle_id="V", position=1, **HEAD),
        ),
        (
            "vehicle_forbidden",
            {"stop_id": "A", "vehicle_id": "V"},
            words.VehicleForbidden(stop_id="A", vehicle_id="V", **HEAD),
        ),
        (
            "stop_moved",
            {"stop_id": "A", "vehicle_id": "V", "after_stop_id": "B"},
            words.StopMoved(stop_id="A", vehicle_id="V", after_stop_id="B", **HEAD),
        ),
        ("word_withdrawn", {"event_id": "w"}, words.WordWithdrawn(event_id="w", **HEAD)),
        ("plan_accepted", {"proposal_id": "p"}, words.PlanAccepted(proposal_id="p", **HEAD)),
        ("plan_rejected", {"proposal_id": "p"}, words.PlanRejected(proposal_id="p", **HEAD)),
        ("day_closed", {}, words.DayClosed(**HEAD)),
    ],
)
def test_each_new_type_is_read(kind, fields, expected):
    assert read(kind, **fields) == (expected,)


def test_every_event_is_read_save_those_that_are_made_here():
    assert set(BODIES) == {kind.TYPE for kind in types.EVENT_TYPES} - MADE_HERE


def test_every_type_and_field_stands_in_a_table():
    told = "".join(
        module.__doc__ for module in (events_of_customers, events_of_dispatchers, events_of_drivers, events_of_roads)
    )
    rows = {
        name: row[1]
        for row in (line.strip("| ").split(" | ") for line in told.splitlines() if line.startswith("| "))
        for name in row[0].split(", ")
    }
    common = {"id", "type", "known_at", "effective_at"}
    for kind, body in BODIES.items():
        assert {name for name in body.model_fields if name not in rows[kind]} <= common, kind


def test_a_stop_is_added_with_its_availability_and_earlier_attempts():
    stop = {"stop_id": "N", "lat_deg": 43.5, "lon_deg": 7.5, "attempts": 2, "availability": "09:00/12:00=0.8"}
    (added,) = read("stop_added", stop=stop)
    assert added.stop.attempts == 2
    assert added.stop.availability == (AvailabilityStep(from_s=at(9), until_s=at(12), at_home_ratio=0.8),)
    assert added.stop.columns == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"type": "stop_pinned", "stop_id": "A", "vehicle_id": "V", "position": -1}, ("EVENT_FIELD", ".position")),
        ({"type": "stop_changed", "stop_id": "A"}, ("EVENT_FIELD", "")),
        ({"type": "stop_changed", "stop_id": "A", "approach": "left", "load": 1}, ("EVENT_FIELD", "")),
        ({"type": "stop_changed", "stop_id": "A", "lat_deg": 43.5}, ("EVENT_FIELD", "")),
        (
            {"type": "stop_changed", "stop_id": "A", "lat_deg": 7.5, "lon_deg": 43.5},
            ("COORDINATES_SWAPPED", ".lat_deg"),
        ),
        ({"type": "stop_changed", "stop_id": "A", "load": -1}, ("EVENT_FIELD", ".load")),
        ({"type": "visit_delayed", "stop_id": "A"}, ("VALUE_MISSING", ".until")),
        ({"type": "visit_delayed", "stop_id": "A", "until": "08:00"}, ("EVENT_FIELD", "")),
        ({"type": "break_taken", "vehicle_id": "V", "until": "07:00"}, ("EVENT_FIELD", "")),
        ({"type": "plan_accepted"}, ("VALUE_MISSING", ".proposal_id")),
        ({"type": "day_closed", "why": "late"}, ("FIELD_UNKNOWN", ".why")),
        ({"type": "vehicle_added", "vehicle": {**VEHICLE, "capacity": -1}}, ("NUMBER_RANGE", ".vehicle:capacity")),
        ({"type": "vehicle_added", "vehicle": {**VEHICLE, "profile": "van"}}, ("PROFILE_UNKNOWN", ".vehicle:profile")),
        ({"type": "plan_proposed"}, ("EVENT_TYPE", ".type")),
        (
            {"type": "availability_told", "stop_id": "A", "availability": [{"from": "09:00", "until": "12:00"}]},
            ("AVAILABILITY", ".availability[0].at_home"),
        ),
        (
            {
                "type": "availability_told",
                "stop_id": "A",
                "availability": [
                    {"from": "09:00", "until": "12:00", "at_home": 1},
                    {"from": "11:00", "until": "13:00", "at_home": 0},
                ],
            },
            ("AVAILABILITY", ".availability[1]"),
        ),
    ],
)
def test_a_fault_is_told_with_its_place(body, expected):
    assert faults({"id": "e", "known_at": "08:00", **body}) == [(expected[0], f"events[0]{expected[1]}")]


def test_the_faults_of_all_events_come_at_once():
    found = faults(
        {"id": "a", "type": "vehicle_departed", "known_at": "8 o'clock"},
        {"id": "b", "type": "stop_moved", "known_at": "08:00", "stop_id": "A"},
        {"id": "c", "type": "day_closed", "known_at": "20:00"},
    )
    assert sorted(found) == [
        ("EVENT_FIELD", "events[0].known_at"),
        ("VALUE_MISSING", "events[0].vehicle_id"),
        ("VALUE_MISSING", "events[1].vehicle_id"),
    ]
