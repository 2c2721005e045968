"""The first plan while the compiled engine is not ready yet."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from small_problems import line_problem, line_travel, van

from routing.plan.engines.worker import prepare, warm_worker
from routing.plan.options import Progress, SolveOptions
from routing.plan.solve import solve
from routing.plan.verify import verify
from routing.problem.model import Problem, StartFee, Stop


def _problem() -> Problem:
    positions = np.random.default_rng(3).integers(1, 60, 30).tolist()
    stops = [Stop(id=f"S{number}", place=number + 1, service_s=60, load=1) for number in range(30)]
    problem = line_problem(stops, [van(), van(id="V1"), van(id="V2")], line_travel([0, *positions]))
    # so dear that insertions, too, leave none out that fits
    return replace(problem, objective=replace(problem.objective, unserved_cents=1_000_000))


def _never_ready(engine: str, wait_s: float = 0.0) -> bool:
    return False


def _ready_after(looks: int) -> Callable[..., bool]:
    left = [looks]

    def ready(engine: str, wait_s: float = 0.0) -> bool:
        left[0] -= 1
        return left[0] < 0

    return ready


def test_within_a_time_limit_ortools_plans_while_the_engine_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routing.plan.solve.engine_is_ready", _never_ready)
    problem, heard = _problem(), list[Progress]()
    plan = solve(problem, SolveOptions(time_limit_s=2.0, on_progress=heard.append))
    # insertions make the first plan before any process has started
    assert heard[0].engine == "insertion"
    assert sum(len(order) for _, order in heard[0].orders) == 30 - heard[0].unserved >= 29
    assert heard[0].cost_cents == heard[0].cost().total_cents  # type: ignore[union-attr]
    assert [(run.engine, run.stopped_by) for run in plan.runs] == [("ortools", "time_limit")]
    assert (verify(problem, plan), plan.unassigned) == ((), ())
    assert "ortools made this plan: ruin_recreate was still being compiled, as it is once." in plan.notes


@pytest.mark.parametrize("looks", [2, 150])
def test_the_engine_takes_over_when_it_is_ready_and_both_can_be_repeated(
    monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    # after two looks OR-Tools is not even loaded, after 150 it has searched for a while
    monkeypatch.setattr("routing.plan.solve.engine_is_ready", _ready_after(looks))
    problem, heard = _problem(), list[Progress]()
    plan = solve(problem, SolveOptions(time_limit_s=6.0, on_progress=heard.append))
    assert [run.engine for run in plan.runs] == ["ortools", "ruin_recreate"]
    assert plan.runs[0].stopped_by == "ready"
    assert not any("still being compiled" in note for note in plan.notes)
    again = solve(problem, SolveOptions(replay=plan.runs))
    assert (again.routes, again.cost) == (plan.routes, plan.cost)
    # what the dispatcher sees never becomes dearer when another engine starts from nothing
    told = [progress.cost_cents for progress in heard]
    assert told == sorted(told, reverse=True)


def test_a_count_of_iterations_waits_for_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routing.plan.solve.engine_is_ready", _never_ready)
    plan = solve(_problem(), SolveOptions(iterations=300))
    assert [run.engine for run in plan.runs] == ["ruin_recreate"]


def test_the_incumbent_comes_with_its_orders_and_its_cost_by_part() -> None:
    # 14 km and 1,400 s for all four: 490 + 933 + 3,000, nothing late, nothing left out
    stops = [Stop(id=f"S{place}", place=place) for place in (1, 2, 3, 4)]
    heard: list[Progress] = []
    problem = line_problem(stops)

    def hear(progress: Progress) -> None:
        cost = progress.cost()
        assert cost is not None
        heard.append(progress)
        parts = (cost.duty_cents, cost.distance_cents, cost.vehicle_cents, cost.lateness_cents, cost.unserved_cents)
        if progress.unserved == 0:
            assert parts == (933, 490, 3_000, 0, 0)

    plan = solve(problem, SolveOptions(iterations=2_000, on_progress=hear))
    assert heard[0].engine == "ruin_recreate"
    assert heard[-1].vehicles == 1
    assert {stop for _, order in heard[-1].orders for stop in order} == {"S1", "S2", "S3", "S4"}
    # it can be given back as the start of another search
    again = solve(problem, SolveOptions(iterations=1, initial=heard[-1].orders))
    assert again.cost == plan.cost


def test_an_engine_that_does_not_hear_is_ended_and_the_plan_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routing.plan.engines.worker.HURRY_S", 0.0)
    problem = _problem()
    solve(problem, SolveOptions(iterations=1, engine="ortools"))  # the process is there
    process = warm_worker().process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    plan = solve(problem, SolveOptions(iterations=10**9, engine="ortools", cancelled=lambda: True))
    assert [(run.iterations, run.stopped_by) for run in plan.runs] == [(0, "cancelled")]
    # nothing was heard of the engine, so insertions made the plan
    assert verify(problem, plan) == ()
    assert len(plan.unassigned) <= 1
    assert process.poll() == -signal.SIGKILL
    assert solve(problem, SolveOptions(iterations=100)).unassigned == ()


@pytest.mark.parametrize("engine", ["ruin_recreate", "ortools"])
def test_a_plan_that_was_interrupted_can_be_repeated_to_the_word(engine: str) -> None:
    prepare(engine, wait=True)
    heard: list[Progress] = []
    options = SolveOptions(
        time_limit_s=60.0, engine=engine, on_progress=heard.append, cancelled=lambda: len(heard) >= 3
    )
    plan = solve(_problem(), options)
    assert plan.runs[-1].stopped_by == "cancelled"
    assert "The search was interrupted: this is the best plan that it had found." in plan.notes
    again = solve(_problem(), SolveOptions(replay=plan.runs, engine=engine))
    assert replace(again, runs=()) == replace(plan, runs=())


def test_a_plan_of_insertions_alone_can_be_repeated_too() -> None:
    prepare("ortools", wait=True)
    plan = solve(_problem(), SolveOptions(time_limit_s=60.0, engine="ortools", cancelled=lambda: True))
    again = solve(_problem(), SolveOptions(replay=plan.runs, engine="ortools"))
    assert replace(again, runs=()) == replace(plan, runs=())


def test_what_ortools_cannot_carry_while_it_bridges_is_said_and_priced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routing.plan.solve.engine_is_ready", _never_ready)
    problem = _problem()
    fee = StartFee(from_s=0, until_s=20_000, cents=100)
    problem = replace(problem, stops=(replace(problem.stops[0], start_fees=(fee,)), *problem.stops[1:]))
    plan = solve(problem, SolveOptions(time_limit_s=1.0))
    assert "ortools searched without fees for when a stop is served." in plan.notes
    assert (verify(problem, plan), plan.cost.preference_cents) == ((), 100)
