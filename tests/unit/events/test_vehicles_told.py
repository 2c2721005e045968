"""What is reported of vehicles, in order and out of order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_days import at_km, begun, lived, published, refused, stop, told, vehicle

from routing.events.news import BreakTaken, VehicleAdded, VehicleBack, VehicleDelayed, VehicleDeparted, VisitDelayed
from routing.events.oddities import warnings
from routing.events.published import Transfer
from routing.events.types import VehicleLocated, VehicleOutOfService, VisitServed
from routing.events.words import DayClosed

STOPS = (stop("A", 1, load=2), stop("B", 2), stop("C", 3, load=1))


def a_day():
    return begun(STOPS, (vehicle("V"), vehicle("W")), {"V": ("A", "B"), "W": ("C",)})


def of(kind, key, at_s, **fields):
    return told(kind, key, at_s, **{"vehicle_id": "V", **fields})


def said(day, event):
    return " ".join(warnings(day, event))


def test_from_the_departure_on_the_goods_are_on_board():
    day = lived(a_day(), of(VehicleDelayed, "1", 5, until_s=40), of(VehicleDeparted, "2", 50))
    assert (day.vehicles["V"].departed_s, day.vehicles["V"].delayed_until_s) == (50, None)
    # B has no load, C is planned for W.
    assert {key: state.on_board for key, state in day.stops.items()} == {"A": "V", "B": None, "C": None}
    by_other = told(VisitServed, "3", 160, stop_id="A", vehicle_id="W")
    assert refused(day, by_other) == ["GOODS_ELSEWHERE"]


def test_a_plan_does_not_take_the_goods_off_a_vehicle_that_departed():
    day = lived(a_day(), of(VehicleDeparted, "1", 50))
    plan = replace(day.plan, id="p2", version=2, base_version=1, known_at_s=60, on_board=())
    assert lived(day, plan).stops["A"].on_board == "V"


def test_a_vehicle_departs_once_unless_it_loaded_again():
    day = lived(a_day(), of(VehicleDeparted, "1", 50))
    again = of(VehicleDeparted, "2", 900)
    assert refused(day, again) == ["VEHICLE_LEFT"]
    reload = Transfer(id="reload:V:1", to_vehicle="V", from_vehicle=None, location=at_km(0), stop_ids=("C",))
    plan = replace(day.plan, id="p2", version=2, base_version=1, known_at_s=60, transfers=(reload,))
    day = lived(day, plan, told(VisitServed, "3", 800, stop_id="reload:V:1"))
    assert lived(day, again).vehicles["V"].departed_s == 900


def test_a_departure_after_the_first_visit_is_noted():
    day = lived(a_day(), told(VisitServed, "1", 160, stop_id="A", vehicle_id="V"))
    late = of(VehicleDeparted, "2", 200, effective_at_s=170)
    assert "was at stop A before that" in said(day, late)
    after = lived(day, late)
    assert (after.vehicles["V"].departed_s, after.vehicles["V"].last_report.stop_id) == (170, "A")


def test_a_delay_at_the_start_ends_with_the_departure():
    day = lived(a_day(), of(VehicleDelayed, "1", 5, until_s=300), of(VehicleDelayed, "2", 10, until_s=200))
    assert day.vehicles["V"].delayed_until_s == 200
    day = lived(day, of(VehicleDeparted, "3", 50))
    assert refused(day, of(VehicleDelayed, "4", 60, until_s=400)) == ["VEHICLE_LEFT"]
    late = of(VehicleDelayed, "5", 60, effective_at_s=40, until_s=400)
    assert "has left since" in said(day, late)
    assert lived(day, late).vehicles == day.vehicles


def test_who_made_a_visit_has_left():
    day = lived(a_day(), told(VisitServed, "1", 160, stop_id="A", vehicle_id="V"))
    assert refused(day, of(VehicleDelayed, "2", 200, until_s=400)) == ["VEHICLE_LEFT"]


def test_a_vehicle_that_is_back_works_from_then_on():
    day = lived(a_day(), of(VehicleOutOfService, "1", 100), of(VehicleBack, "2", 200))
    assert (day.vehicles["V"].out, day.vehicles["V"].back_s) == (None, 200)
    # What broke before is told late; what breaks after counts.
    late = of(VehicleOutOfService, "3", 210, effective_at_s=150)
    assert "was reported back since" in said(day, late)
    assert lived(day, late).vehicles["V"].out is None
    assert lived(day, of(VehicleOutOfService, "4", 220)).vehicles["V"].out is not None


def test_back_before_it_broke_changes_nothing():
    day = lived(a_day(), of(VehicleOutOfService, "1", 100))
    late = of(VehicleBack, "2", 210, effective_at_s=50)
    assert "stays so" in said(day, late)
    assert lived(day, late).vehicles["V"].out is not None
    assert "was not out of service" in said(a_day(), late)


def test_a_vehicle_is_added_with_nothing_to_do():
    day = lived(a_day(), told(VehicleAdded, "1", 100, vehicle=vehicle("X", x_km=5)))
    assert (day.vehicles["X"].vehicle.start, day.vehicles["X"].added) == (at_km(5), True)
    assert [state.added for state in a_day().vehicles.values()] == [False, False]
    assert refused(day, told(VehicleAdded, "2", 110, vehicle=vehicle("X"))) == ["DUPLICATE_ID"]
    foot = replace(vehicle("Y"), profile="foot")
    assert refused(day, told(VehicleAdded, "2", 110, vehicle=foot)) == ["PROFILE_MIXED"]
    # It can be planned for and report at once.
    assert published(day, {"X": ("B",)}, 120).stops["B"].vehicle_id == "X"


def test_of_two_breaks_the_later_counts_whenever_it_comes():
    day = lived(a_day(), of(BreakTaken, "1", 500, until_s=800))
    late = of(BreakTaken, "2", 510, effective_at_s=100, until_s=200)
    assert "a later break" in said(day, late)
    assert lived(day, late).vehicles["V"].break_s == (500, 800)


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (of(VehicleDeparted, "1", 50, effective_at_s=60), "EVENT_AHEAD"),
        (of(VehicleBack, "1", 50, effective_at_s=60), "EVENT_AHEAD"),
        (of(BreakTaken, "1", 50, effective_at_s=60, until_s=90), "EVENT_AHEAD"),
        (of(BreakTaken, "1", 50, until_s=50), "NUMBER_RANGE"),
        (of(VehicleDelayed, "1", 50, until_s=40), "NUMBER_RANGE"),
        (of(VisitDelayed, "1", 50, stop_id="A", until_s=40), "NUMBER_RANGE"),
        (of(VehicleDeparted, "1", 50, vehicle_id="Z"), "VEHICLE_UNKNOWN"),
        (of(VehicleBack, "1", 50, vehicle_id="Z"), "VEHICLE_UNKNOWN"),
        (of(VehicleDelayed, "1", 50, vehicle_id="Z", until_s=60), "VEHICLE_UNKNOWN"),
        (of(BreakTaken, "1", 50, vehicle_id="Z", until_s=60), "VEHICLE_UNKNOWN"),
    ],
)
def test_what_cannot_be_is_refused(event, code):
    assert refused(a_day(), event) == [code]


def test_after_the_end_of_the_day_nothing_is_taken():
    day = lived(a_day(), told(DayClosed, "end", 900))
    assert day.closed
    assert refused(day, told(VehicleLocated, "1", 950, vehicle_id="V", location=at_km(1))) == ["DAY_CLOSED"]
    assert refused(day, told(DayClosed, "end2", 950)) == ["DAY_CLOSED"]
    assert lived(day, told(DayClosed, "end", 900)) == day
    assert "3 stops go over" in said(a_day(), told(DayClosed, "end", 900))
