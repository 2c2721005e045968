from __future__ import annotations

import os
import signal
from dataclasses import dataclass, replace

import numpy as np
import pytest
from ortools.constraint_solver import routing_enums_pb2
from small_problems import line_problem, line_travel, van, window

from routing.errors import InputError, SolveError
from routing.plan.engines.interface import Found
from routing.plan.engines.ortools_engine import search_parameters
from routing.plan.engines.worker import Report, Search, prepare, warm_worker
from routing.plan.model import REASONS
from routing.plan.options import Progress, SolveOptions
from routing.plan.rounds import search_span_s
from routing.plan.solve import solve
from routing.plan.verify import verify
from routing.problem.model import Problem, Stop, Travel, Vehicle
from routing.problem.travel import MatrixTravel
from routing.travel.matrix import LegTime

QUICK = SolveOptions(iterations=400)


def _near(count: int, **changes: object) -> list[Stop]:
    return [Stop(id=f"S{number}", place=1 + number % 4, **changes) for number in range(count)]  # type: ignore[arg-type]


def test_the_cheapest_plan_of_four_stops() -> None:
    # one van along the line and back: 1,400 s of duty = 933.33, 14 km x 35 = 490, one van 3,000
    plan = solve(line_problem(_near(4)), QUICK)
    assert plan.cost.total_cents == 933 + 490 + 3_000
    assert (plan.unassigned, plan.notes) == ((), ())


def test_no_stops_and_no_usable_stops() -> None:
    assert solve(line_problem([]), QUICK).routes == ()
    assert solve(line_problem([]), QUICK).cost.total_cents == 0


def test_every_fault_of_the_input_is_raised_at_once() -> None:
    with pytest.raises(InputError) as caught:
        solve(line_problem([Stop(id="A", place=9, load=-1)]))
    assert {issue.code for issue in caught.value.issues} == {"PLACE_UNKNOWN", "NEGATIVE"}


class _OffRoad(MatrixTravel):
    """Lay the last place 412 m off any road."""

    @property
    def snap_distance_m(self) -> np.ndarray:
        return np.array([0.0, 0.0, 0.0, 0.0, 412.0])

    @property
    def usable(self) -> np.ndarray:
        return np.array([True, True, True, True, False])


FAR = Stop(id="X", place=4, load=1)
REASONED: dict[str, tuple[list[Stop], Vehicle, Travel | None, str]] = {
    "off the road": ([FAR], van(), _OffRoad(matrix=line_travel().matrix), "UNREACHABLE: 412 m"),
    "no road": ([FAR], van(), line_travel(cut_off=(4,)), "UNREACHABLE: no road leads V0"),
    "window": ([replace(FAR, windows=(window(0, 640),))], van(), None, "WINDOW: 00:11 at the earliest, 1 min"),
    "capacity": ([replace(FAR, load=11)], van(), None, "CAPACITY: its load is 11, V0 carries 10"),
    "shift": ([FAR], van(shift=window(0, 1_340)), None, "SHIFT: back at 00:23, 1 min after"),
    "vehicle": ([replace(FAR, allowed_vehicles=())], van(), None, "NO_VEHICLE: none"),
    "full": ([FAR, replace(FAR, id="Y", load=10, priority=9)], van(), None, "FLEET_FULL: 1 of 1 vehicles"),
    "cost": ([FAR], van(), None, "COST: costs 44.23, leaving it out costs 1.00"),
}


@pytest.mark.parametrize("case", REASONED)
def test_what_is_left_out_has_a_true_reason_with_figures(case: str) -> None:
    stops, vehicle, travel, expected = REASONED[case]
    problem = line_problem(stops, [vehicle], travel)  # type: ignore[arg-type]
    if case == "cost":
        problem = replace(problem, objective=replace(problem.objective, unserved_cents=100))
    (left_out,) = (unassigned for unassigned in solve(problem, QUICK).unassigned if unassigned.stop_id == "X")
    reason, words = expected.split(": ")
    assert left_out.reason == reason
    assert left_out.reason in REASONS
    assert words in left_out.detail


@pytest.mark.parametrize("engine", ["ruin_recreate", "ortools"])
def test_lateness_is_paid_only_where_it_is_allowed_and_is_said(engine: str) -> None:
    # D is 700 s away, its window ends at 640: 60 s late cost 50, leaving it out costs 10,000
    stops = [Stop(id="D", place=4, windows=(window(0, 640),), lateness_allowed=True), Stop(id="A", place=1)]
    plan = solve(line_problem(stops), replace(QUICK, engine=engine))
    assert plan.cost.lateness_cents == 50
    assert plan.notes[-1] == "1 stops are served late, 1 min in all."


@pytest.mark.parametrize("engine", ["ruin_recreate", "ortools"])
def test_several_windows_allowed_vehicles_and_committed_visits_are_kept(engine: str) -> None:
    stops = [
        Stop(id="A", place=1, windows=(window(0, 50), window(5_000, 5_100), window(9_000, 9_100))),
        Stop(id="B", place=2, allowed_vehicles=("V1",)),
        Stop(id="C", place=3),
        Stop(id="D", place=4),
    ]
    problem = line_problem(stops, [van(committed=("D", "C"), used=True, start_fixed=True), van(id="V1")])
    plan = solve(problem, replace(QUICK, engine=engine))
    assert plan.unassigned == ()
    assert plan.orders()["V0"][:2] == ("D", "C")
    assert "B" in plan.orders()["V1"]
    start_s = next(visit.start_s for route in plan.routes for visit in route.visits if visit.stop_id == "A")
    assert 5_000 <= start_s <= 5_100 or 9_000 <= start_s <= 9_100


def test_what_a_slower_hour_makes_late_is_repaired() -> None:
    # by the table of the morning all three fit, by the true times of the slow hour not all do
    travel = line_travel(factors=(1, 4))
    stops = [Stop(id=f"S{place}", place=place, windows=(window(9_700, 10_400),)) for place in (2, 3, 4)]
    problem = line_problem(stops, [van(start_place=0)], travel)
    plan = solve(problem, QUICK)
    assert verify(problem, plan) == ()
    assert len(plan.runs) == 3


def test_a_given_plan_is_where_the_search_starts() -> None:
    problem = _many(30)
    first = solve(problem, SolveOptions(iterations=3_000))
    options = SolveOptions(iterations=1, initial=tuple(first.orders().items()))
    assert solve(problem, options).cost.total_cents <= first.cost.total_cents


def _many(count: int) -> Problem:
    rng = np.random.default_rng(3)
    positions = rng.integers(1, 60, count).tolist()
    stops = [Stop(id=f"S{number}", place=number + 1, service_s=60, load=1) for number in range(count)]
    return line_problem(stops, [van(), van(id="V1"), van(id="V2")], line_travel([0, *positions]))


@pytest.mark.parametrize("engine", ["ruin_recreate", "ortools"])
def test_progress_is_told_and_cancelling_ends_with_a_plan(engine: str) -> None:
    heard: list[Progress] = []
    problem = _many(30)
    prepare(engine, wait=True)
    options = SolveOptions(
        time_limit_s=60.0, engine=engine, on_progress=heard.append, cancelled=lambda: len(heard) >= 2
    )
    plan = solve(problem, options)
    assert plan.runs[-1].stopped_by == "cancelled"
    assert verify(problem, plan) == ()
    assert [progress.iterations for progress in heard] == sorted(progress.iterations for progress in heard)
    assert all(progress.cost_cents > 0 and progress.engine in (engine, "insertion") for progress in heard)


def test_a_process_that_dies_is_an_error_in_words_and_the_next_search_works() -> None:
    problem = _many(20)
    solve(problem, QUICK)
    process = warm_worker().process
    assert process is not None

    def kill(_: Progress | Report) -> None:
        os.kill(process.pid, signal.SIGKILL)

    with pytest.raises(SolveError, match=r"search process ended without an answer \(exit code -9\)"):
        solve(problem, SolveOptions(time_limit_s=60.0, on_progress=kill))
    assert verify(problem, solve(problem, QUICK)) == ()


def test_an_engine_can_be_made_ready_before_the_search() -> None:
    prepare("ruin_recreate")
    assert solve(line_problem(_near(4)), QUICK).unassigned == ()


def test_rounds_leave_time_to_settle_what_they_find() -> None:
    shares = (0.6, 0.25, 0.15)
    # nothing is known of settling before the first round: 0.6 of 10 s
    assert search_span_s(shares, 10.0, 0.0) == pytest.approx(6.0)
    # 3.6 s are left for two rounds that settle for 0.4 s each: 2.8 s to search, of which 0.25 / 0.4
    assert search_span_s(shares[1:], 3.6, 0.4) == pytest.approx(1.75)
    # 2.5 s are too short for two rounds that settle for 1.5 s each: one of 1 s
    assert search_span_s(shares[1:], 2.5, 1.5) == pytest.approx(1.0)
    assert search_span_s(shares[2:], 1.2, 1.5) == 0


def test_the_time_limit_holds_what_settling_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock_s = 0.0

    @dataclass(frozen=True)
    class SlowTravel(MatrixTravel):
        """Take 2 ms of the clock for each leg."""

        def leg(self, origin: int, destination: int, depart_s: int) -> LegTime | None:
            nonlocal clock_s
            clock_s += 0.002
            return super().leg(origin, destination, depart_s)

    def search(searches: list[Search], *_: object) -> tuple[Found, ...]:
        nonlocal clock_s
        (asked,) = searches
        assert asked.time_limit_s is not None
        clock_s += asked.time_limit_s
        # the order of the stops is turned at each round, so that each has its own legs to time
        order = list(range(asked.instance.load.size))
        order = order[asked.seed :] + order[: asked.seed]
        return (Found(orders=(tuple(order), (), ()), iterations=1, last_gain=0, stopped_by="time_limit"),)

    monkeypatch.setattr("routing.plan.solve.seconds", lambda: clock_s)
    monkeypatch.setattr("routing.plan.solve.run_searches", search)
    small = _many(30)
    matrix = line_travel([0, *range(1, 31)], factors=(1, 2)).matrix
    problem = replace(small, travel=SlowTravel(matrix=matrix))
    vehicles = tuple(replace(vehicle, capacity=30) for vehicle in small.vehicles)
    plan = solve(replace(problem, vehicles=vehicles), SolveOptions(time_limit_s=20.0))
    assert len(plan.runs) > 1
    assert clock_s <= 20.5


def test_no_part_of_the_ortools_search_is_deaf_to_cancelling() -> None:
    parameters = search_parameters(routing_enums_pb2.FirstSolutionStrategy.SAVINGS)
    # CP-SAT would run to its end where the search finds no assignment of few stops
    assert parameters.fallback_to_cp_sat_size_threshold == 0


def test_searches_side_by_side_are_at_least_as_good_as_the_first_of_them_and_can_be_repeated() -> None:
    problem = _many(30)
    alone = solve(problem, SolveOptions(iterations=300, seed=5))
    together = solve(problem, SolveOptions(iterations=300, seed=5, workers=2))
    assert together.runs[0].iterations == alone.runs[0].iterations
    assert together.cost.total_cents <= alone.cost.total_cents
    assert solve(problem, SolveOptions(replay=together.runs)) == replace(together, notes=together.notes)
    assert solve(problem, SolveOptions(iterations=300, seed=5, workers=2)) == together
