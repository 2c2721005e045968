"""What a problem says in many words is said in few, and only what sums of stretches carry is plain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from small_problems import line_problem, van, window

from routing.problem.lower import lowered
from routing.problem.model import Break, Depot, Objective, Problem, Stop, Vehicle
from routing.problem.plain import is_plain

CRANE = van(id="V0", skills=("crane", "lift"), driver="Ana", territories=("north",))
PLAIN_VAN = van(id="V1", driver="Rui", territories=("south",), territory_fee_cents=70)


def _fleet(stop: Stop, **prices: int) -> Problem:
    problem = line_problem([stop], [CRANE, PLAIN_VAN])
    return replace(problem, objective=replace(problem.objective, **prices))


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ({"skills_all": ("crane", "lift")}, ("V0",)),
        ({"skills_all": ("crane", "saw")}, ()),
        ({"skills_one_of": ("saw", "lift")}, ("V0",)),
        ({"skills_none_of": ("crane",)}, ("V1",)),
        ({"skills_none_of": ("saw",)}, None),
        ({"forbidden_vehicles": ("V0",)}, ("V1",)),
        ({"on_board": "V1"}, ("V1",)),
        ({"on_board": "V1", "skills_all": ("crane",)}, ()),
        ({"allowed_vehicles": ("V0",), "forbidden_vehicles": ("V0",)}, ()),
        ({"allowed_vehicles": ("V0", "V1"), "skills_none_of": ("saw",)}, ("V0", "V1")),
        ({"territory": "south"}, ("V1",)),
        ({"territory": "north"}, None),
    ],
)
def test_who_may_serve_a_stop(asked: dict[str, Any], allowed: tuple[str, ...] | None) -> None:
    problem = lowered(_fleet(Stop(id="A", place=1, **asked)))
    assert problem.stops[0].allowed_vehicles == allowed
    assert is_plain(problem)


def test_other_drivers_and_other_territories_cost_what_they_cost_together_with_fees() -> None:
    stop = Stop(id="A", place=1, preferred_drivers=("Ana",), territory="north", vehicle_fees=(("V0", 5), ("V1", 6)))
    problem = lowered(_fleet(stop, other_driver_cents=100))
    # V1 pays its fee, for not being Ana's, and for driving north.
    assert problem.stops[0].vehicle_fees == (("V0", 5), ("V1", 6 + 100 + 70))
    assert (problem.stops[0].allowed_vehicles, problem.objective.other_driver_cents) == (None, 0)
    assert is_plain(problem)


def test_stops_that_ask_alike_for_different_things_are_told_apart() -> None:
    stops = [Stop(id="A", place=1, skills_all=("crane",)), Stop(id="B", place=1, skills_none_of=("crane",))]
    problem = lowered(line_problem(stops, [CRANE, PLAIN_VAN]))
    assert [stop.allowed_vehicles for stop in problem.stops] == [("V0",), ("V1",)]


def test_a_plain_problem_stays_the_very_same_and_lowering_twice_is_lowering_once() -> None:
    plain = line_problem([Stop(id="A", place=1, load=1, windows=(window(0, 9),))])
    assert lowered(plain) is plain
    stop = Stop(id="A", place=1, on_board="V1", skills_none_of=("saw",), due_s=900, service_s=100)
    once = lowered(_fleet(stop))
    assert once.stops[0].on_board == "V1"
    assert lowered(once) is once


@pytest.mark.parametrize(
    ("windows", "closed"),
    [
        ((), ((0, 740),)),
        (((0, 500), (600, 800), (810, 900)), ((0, 500), (600, 740))),
        (((740, 800),), ((740, 740),)),
    ],
)
def test_a_service_that_must_be_over_closes_windows(
    windows: tuple[tuple[int, int], ...], closed: tuple[tuple[int, int], ...]
) -> None:
    # 900 s less 100 s of service and 2 x 30 s on foot.
    several = tuple(window(*each) for each in windows)
    problem = lowered(line_problem([Stop(id="A", place=1, windows=several, service_s=100, walk_s=30, due_s=900)]))
    assert problem.stops[0].windows == tuple(window(*each) for each in closed)
    assert problem.stops[0].due_s is None
    assert is_plain(problem)


@pytest.mark.parametrize(
    "asked",
    [
        {"lateness_allowed": True},
        {"service_by_type": (("bike", 9),)},
        {"windows": (window(901, 950),)},
    ],
)
def test_only_the_clock_tells_when_a_service_is_over(asked: dict[str, Any]) -> None:
    problem = lowered(line_problem([Stop(id="A", place=1, due_s=900, **asked)]))
    assert problem.stops[0].due_s == 900
    assert not is_plain(problem)


def test_a_due_service_before_every_shift_has_a_window_that_has_passed() -> None:
    problem = lowered(line_problem([Stop(id="A", place=1, due_s=900)], [van(shift=window(1_000, 2_000))]))
    assert problem.stops[0].windows == (window(900, 900),)


def test_what_a_vehicle_keeps_on_board_lessens_its_room_until_it_reloads() -> None:
    stop, depots = Stop(id="A", place=1), (Depot(id="hub", place=0),)
    kept = lowered(line_problem([stop], [van(on_board_load=4)]))
    assert (kept.vehicles[0].capacity, kept.vehicles[0].on_board_load, is_plain(kept)) == (6, 0, True)
    reloads = replace(line_problem([stop], [van(on_board_load=4, reload_depots=("hub",))]), depots=depots)
    assert lowered(reloads) is reloads
    named = line_problem([stop], [van(on_board_load=4, on_board_loads=(("kg", 1),), capacities=(("kg", 2),))])
    assert lowered(named) is named


def test_a_release_before_every_shift_binds_nothing() -> None:
    fleet = [van(shift=window(1_000, 9_000)), van(id="V1", shift=window(2_000, 9_000))]
    past, ahead = (Stop(id="A", place=1, load=1, release_s=instant_s) for instant_s in (1_000, 1_001))
    assert lowered(line_problem([past], fleet)).stops[0].release_s is None
    assert lowered(line_problem([ahead], fleet)).stops[0].release_s == 1_001


RICHER: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ({"loads": (("kg", 1),)}, {}, {}),
    ({"pickup_load": 1}, {}, {}),
    ({"release_s": 900}, {}, {}),
    ({"setup_s": 1}, {}, {}),
    ({"together": "T"}, {}, {}),
    ({"lateness_cents_per_min": 3}, {}, {}),
    ({"service_by_type": (("bike", 3),)}, {}, {}),
    ({}, {"open_end": True}, {}),
    ({}, {"breaks": (Break(id="lunch", window=window(0, 9), duration_s=9),)}, {}),
    ({}, {"stops_limit": 3}, {}),
    ({}, {"vehicle_cents": 3}, {}),
    ({}, {"lifo": True}, {}),
    ({}, {"reload_depots": ("hub",)}, {"depots": (Depot(id="hub", place=0),)}),
    ({}, {}, {"depots": (Depot(id="hub", place=0, stock=()),)}),
    ({}, {}, {"incompatible_goods": (("a", "b"),)}),
    ({}, {}, {"objective": Objective(balance_cents_per_h2=1)}),
]


@pytest.mark.parametrize(("stop", "vehicle", "problem"), RICHER)
def test_what_sums_of_stretches_cannot_carry_is_not_plain(
    stop: dict[str, Any], vehicle: dict[str, Any], problem: dict[str, Any]
) -> None:
    asked = replace(line_problem([Stop(id="A", place=1, **stop)], [van(**vehicle)]), **problem)
    assert not is_plain(lowered(asked))


@pytest.mark.parametrize(
    ("stop", "vehicle"),
    [
        ({"territory": "north"}, {}),
        ({"goods": "paint", "walk_s": 9, "unserved_cents": 3}, {}),
        ({}, {"territories": ("north",), "territory_fee_cents": 3}),
        ({}, {"territory_fee_cents": 3, "skills": ("saw",), "type": "van", "driver": "Ana", "start_depot": "hub"}),
    ],
)
def test_words_that_nothing_answers_to_leave_it_plain(stop: dict[str, Any], vehicle: dict[str, Any]) -> None:
    fleet: list[Vehicle] = [van(**vehicle)]
    assert is_plain(lowered(line_problem([Stop(id="A", place=1, **stop)], fleet)))
