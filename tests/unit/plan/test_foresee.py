from __future__ import annotations

from dataclasses import replace

import pytest
from small_problems import OffRoadTravel, line_problem, line_travel, van, window

from routing.errors import InputError
from routing.plan.foresee import foresee
from routing.plan.options import SolveOptions
from routing.plan.solve import solve
from routing.problem.model import Depot, Stop


def test_all_that_cannot_be_served_is_told_before_the_search() -> None:
    stops = [
        Stop(id="heavy", place=1, load=11),
        Stop(id="early", place=4, windows=(window(0, 640),)),
        Stop(id="far", place=3),
        Stop(id="nobody's", place=1, allowed_vehicles=()),
        Stop(id="long", place=1, service_s=20_000),
        Stop(id="A", place=2, load=10),
        Stop(id="B", place=2, load=7),
    ]
    # place 3 has no road; V0 is the only van, of 10 units, on the road from 0 to 20,000 s
    foreseen = foresee(line_problem(stops, [van()], line_travel(cut_off=(3,))))
    assert [(left.stop_id, left.reason) for left in foreseen.stops] == [
        ("heavy", "CAPACITY"),
        ("early", "WINDOW"),
        ("far", "UNREACHABLE"),
        ("nobody's", "NO_VEHICLE"),
        ("long", "SHIFT"),
    ]
    assert foreseen.lines[0] == "heavy cannot be served: CAPACITY, its load is 11, V0 carries 10 at most"
    assert foreseen.lines[-1] == "the stops' load of 17 is 7 more than the 10 of the whole fleet"


def test_what_can_be_served_is_not_spoken_of() -> None:
    stops = [Stop(id="A", place=1, load=5), Stop(id="B", place=2, load=5)]
    # committed visits are made, whatever their windows say now
    late = Stop(id="C", place=4, windows=(window(0, 1),), lateness_allowed=True)
    problem = line_problem([*stops, late], [van(committed=("C",)), van(id="V1")])
    assert foresee(problem).lines == ()


def test_faults_of_every_kind_are_raised_at_once_before_any_search() -> None:
    stops = [
        Stop(id="A", place=1, load=-1, service_s=-5, priority=101),
        Stop(id="A", place=9, windows=(window(10, 5),)),
        Stop(id="B", place=1, allowed_vehicles=("V7",)),
    ]
    problem = line_problem(stops, [van(capacity=-2, shift=window(9, 3))])
    with pytest.raises(InputError) as caught:
        solve(problem, SolveOptions(engine="ortols", iterations=1))
    assert {issue.code for issue in caught.value.issues} == {
        "NEGATIVE",
        "PRIORITY",
        "PLACE_UNKNOWN",
        "WINDOW_REVERSED",
        "DUPLICATE_ID",
        "VEHICLE_UNKNOWN",
        "SHIFT_REVERSED",
        "ENGINE_UNKNOWN",
    }


def test_a_place_off_the_road_is_foreseen_with_its_distance() -> None:
    class Off(OffRoadTravel):
        @property
        def usable(self):  # type: ignore[no-untyped-def]
            return self.snap_distance_m < 300

    travel = Off(matrix=line_travel().matrix, off_road_m=(0.0, 0.0, 0.0, 0.0, 412.0))
    (line,) = foresee(line_problem([Stop(id="X", place=4)], travel=travel)).lines
    assert line.startswith("X cannot be served: UNREACHABLE, the nearest usable road is 412 m away")


def test_what_several_trips_carry_is_not_called_too_much() -> None:
    stops = [Stop(id=name, place=1, load=8) for name in "AB"]
    reloading = van(reload_depots=("X",))
    problem = replace(line_problem(stops, [reloading]), depots=(Depot(id="X", place=0),))
    assert foresee(problem).lines == ()
    alone = Stop(id="C", place=1, load=1, goods="paint")
    problem = replace(line_problem([alone]), required_goods=(("paint", "brush"),))
    assert foresee(problem).lines == ()
    problem = replace(problem, vehicles=(van(stops_limit=0),))
    assert [left.reason for left in foresee(problem).stops] == ["STOPS_LIMIT"]
