"""The judges of the benchmarks on cases by hand: what they call sound is sound, and each fault is seen."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
# Three places in a row, 600 s and 5 km from one to the next.
SECONDS = np.array([[0, 600, 1_200], [600, 0, 600], [1_200, 600, 0]])
TABLES = (SECONDS, SECONDS * 25 // 3)


@pytest.fixture
def judged(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("constraints_judge").judged


def stop(number, *, window=(0, 10_000), load=(0, 0), pickup=(0, 0), skills=(), priority=0, unserved_cents=1_000):
    return {
        "id": f"S{number}",
        "place": number,
        "windows": [list(window)],
        "service_s": 100,
        "load": list(load),
        "pickup": list(pickup),
        "skills": list(skills),
        "priority": priority,
        "unserved_cents": unserved_cents,
    }


def vehicle(**changed):
    told = {
        "id": "V1",
        "start": 0,
        "end": 0,
        "capacity": [10, 10],
        "shift": [0, 10_000],
        "skills": [],
        "breaks": [],
        "fixed_cents": 7,
        "unit_cents": 1,
        "start_depot": "D0",
        "reload_depots": [],
        "reloads_limit": None,
        "duration_limit_s": None,
    }
    return told | changed


def asked(stops, vehicles, *, shipments=(), duty_cents_per_h=0):
    return {
        "dims": 2,
        "stops": stops,
        "shipments": list(shipments),
        "vehicles": vehicles,
        "depots": [{"id": "D0", "place": 0}],
        "duty_cents_per_h": duty_cents_per_h,
    }


def test_prices_a_route_and_what_is_left_out(judged):
    stops = [stop(1, priority=20), stop(2, unserved_cents=400)]
    told = judged(asked(stops, [vehicle()]), TABLES, {"V1": ["S1"]})
    # Out 5,000 m, back as many, and 7 for the vehicle.
    assert (told.faults, told.travel_cents, told.total_cents) == ([], 10_007, 10_407)
    assert (told.served, told.priority, told.must) == (1, 20, 1)


def test_pays_duty_from_the_latest_departure_that_ends_as_early(judged):
    problem = asked([stop(1, window=(3_000, 4_000))], [vehicle()], duty_cents_per_h=3_600)
    # It may leave at 2,400, starts at 3,000, is back at 3,700: 1,300 s, not 3,700.
    assert judged(problem, TABLES, {"V1": ["S1"]}).travel_cents == 10_007 + 1_300
    problem["vehicles"][0]["duration_limit_s"] = 1_299
    assert judged(problem, TABLES, {"V1": ["S1"]}).faults == ["V1: it takes 1300 s"]


@pytest.mark.parametrize(
    ("stops", "changed", "order"),
    [
        ([stop(1, window=(0, 599))], {}, ["S1"]),
        ([stop(1)], {"shift": [0, 1_299]}, ["S1"]),
        ([stop(1, skills=["lift"])], {"skills": ["keys"]}, ["S1"]),
        ([stop(1, load=(6, 0)), stop(2, load=(5, 0))], {}, ["S1", "S2"]),
        ([stop(1, load=(0, 6)), stop(2, load=(0, 5))], {}, ["S1", "S2"]),
        ([stop(1, pickup=(6, 0)), stop(2, load=(5, 0))], {}, ["S1", "S2"]),
        ([stop(1), stop(2)], {}, ["S1", "D0", "S2"]),
        ([stop(1), stop(2)], {"reload_depots": ["D0"], "reloads_limit": 3}, ["S1", "S2", "D0"]),
        ([stop(1), stop(2)], {"reload_depots": ["D0"], "reloads_limit": 1}, ["D0", "S1", "D0", "S2"]),
        ([stop(1), stop(2)], {}, ["S1", "S1"]),
    ],
)
def test_sees_faults(judged, stops, changed, order):
    assert judged(asked(stops, [vehicle(**changed)]), TABLES, {"V1": order}).faults


def test_a_reload_makes_room(judged):
    stops = [stop(1, load=(6, 0)), stop(2, load=(5, 0), pickup=(10, 0))]
    told = judged(asked(stops, [vehicle(reload_depots=["D0"], reloads_limit=1)]), TABLES, {"V1": ["S2", "D0", "S1"]})
    assert (told.faults, told.travel_cents) == ([], 30_007)


def test_shipments_are_whole_in_order_and_on_board_between(judged):
    shipment = {"id": "P1", "pickup": "S1", "delivery": "S2", "amount": [4, 0]}
    stops = [stop(1), stop(2)]
    problem = asked(stops, [vehicle(), vehicle(id="V2")], shipments=[shipment])
    assert judged(problem, TABLES, {"V1": ["S1", "S2"]}).faults == []
    assert judged(problem, TABLES, {"V1": ["S2", "S1"]}).faults
    assert judged(problem, TABLES, {"V1": ["S1"]}).faults
    assert judged(problem, TABLES, {"V1": ["S1"], "V2": ["S2"]}).faults
    problem["vehicles"][0]["capacity"] = [3, 10]
    assert judged(problem, TABLES, {"V1": ["S1", "S2"]}).faults == ["V1: it carries 4 of 0, 3 fit"]


def test_open_ends_are_not_driven(judged):
    told = judged(asked([stop(1), stop(2)], [vehicle(start=None, end=None)]), TABLES, {"V1": ["S1", "S2"]})
    assert told.travel_cents == 5_007


@pytest.mark.parametrize(
    ("breaks", "last_s", "holds"),
    [
        # On the way there, since the way back begins at 700: 600 + 900.
        ([[0, 500, 900]], 1_500, True),
        ([[0, 500, 900]], 1_101, True),  # who leaves at 501 needs none, and is there at 1,101
        ([[0, 500, 900]], 1_100, False),
        ([[0, 1_000, 900]], 600, True),  # on the way back
        # It opens at 700, after the arrival: the driver waits for it, and starts at 1,600.
        ([[700, 1_000, 900]], 1_600, True),
        ([[700, 1_000, 900]], 1_599, True),  # or he starts at 600, and takes it on the way back
        ([[700, 1_000, 900]], 599, False),
        # The same with a window that has closed by 700; it binds nobody who leaves then.
        ([[300, 699, 900]], 1_300, True),
        ([[300, 699, 900]], 1_299, False),
        # Both on the way there: 600 + 100 + 200.
        ([[0, 650, 100], [100, 660, 200]], 900, True),
        ([[0, 650, 100], [100, 660, 200]], 899, False),
    ],
)
def test_breaks(judged, breaks, last_s, holds):
    problem = asked([stop(1, window=(0, last_s))], [vehicle(breaks=breaks)])
    assert (judged(problem, TABLES, {"V1": ["S1"]}).faults == []) == holds


def test_li_lim_routes_are_checked(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    checked = importlib.import_module("constraints_lilim").checked
    tasks = (
        "0 0 0 0 0 100 0 0 0",
        "1 3 4 8 0 50 5 0 2",
        "2 6 8 -8 0 15 5 1 0",
        "3 0 2 6 0 50 0 0 4",
        "4 0 4 -6 0 60 0 3 0",
    )
    text = "\n".join(("2 10 1", *tasks))
    distance, unserved, faults = checked(text, [[1, 2], [3, 4]])
    assert (distance, unserved, faults) == (5 + 5 + 10 + 2 + 2 + 4, 0, [])
    assert checked(text, [[1, 2]])[1:] == (2, [])
    assert checked(text, [[3, 4, 1, 2]])[2]  # late at 2
    assert checked(text, [[1, 2], [4, 3]])[2] == ["4 comes before 3"]
    assert checked(text, [[3, 1, 2, 4]])[2][0] == "route 1 carries 14"
    assert checked(text, [[1], [2, 3, 4]])[2] == ["1 and 2 are on two routes"]
    assert checked(text, [[1], [3, 4]])[2] == ["1 and 2 are on two routes"]
