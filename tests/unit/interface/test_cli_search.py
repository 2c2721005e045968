"""What a dispatcher sees of a search: the best plan by part, what ended it, how good it can be, and Ctrl-C."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from monaco_day import STOPS, write_day
from typer.testing import CliRunner, Result

from routing.interface.cli import app
from routing.interface.interrupts import stopped_by_interrupt
from routing.interface.search_words import bound_words, search_words
from routing.plan.bound import Bound
from routing.plan.engines.worker import engine_is_ready, prepare
from routing.plan.model import Cost
from routing.plan.options import Progress

COST = Cost(duty_cents=58_303, distance_cents=10_837, vehicle_cents=6_000, lateness_cents=0, unserved_cents=10_000)


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    return [*write_day(tmp_path_factory.mktemp("search"))]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_best_plan_so_far_is_told_by_part_with_the_engine_that_found_it() -> None:
    told: list[str] = []
    orders = (("VAN-1", ("A", "B")), ("VAN-2", ("C",)), ("VAN-3", ()))
    progress = Progress(
        engine="ortools",
        elapsed_s=3.4,
        iterations=12_000,
        cost_cents=85_000,
        unserved=1,
        orders=orders,
        price=lambda: COST,
    )
    search_words(told.append)(progress)
    assert told == [
        "search … 3 s, 12,000 steps; best plan, by ortools: 2 vehicles, 1 unassigned, "
        "duty 583.03 + distance 108.37 + vehicles 60.00 + unserved stops 100.00 = 851.40"
    ]


def test_the_bound_in_words() -> None:
    # 851.40 over 681.12 is a quarter
    assert bound_words(Bound(cents=68_112, sure=True), COST.total_cents) == (
        "Bound: no plan costs less than 681.12: this one is at most 25.0% dearer than the best."
    )
    assert "each drive taken at its best hour" in bound_words(Bound(cents=68_112, sure=False), COST.total_cents)
    assert bound_words(Bound(cents=0, sure=True), 0) == "Bound: no plan costs less than 0.00."


def test_a_plan_says_what_was_searched_and_below_which_cost_none_can_be(options: list[object], tmp_path: Path) -> None:
    words = ("--iterations", 1_200, "--workers", 2, "-o", tmp_path / "plan.json")
    result = run("plan", *options, *words, "--bound")
    assert result.exit_code == 0, result.output
    assert "Search: ruin_recreate 720 steps (all of them made), ruin_recreate 300 steps" in result.stdout
    assert "Bound: no plan costs less than " in result.stdout
    told = json.loads(run("plan", *options, *words, "--bound", "--json").stdout)
    assert 0 < told["bound_cents"] <= told["cost"]["total_cents"]
    assert [each["engine"] for each in told["runs"]] == ["ruin_recreate"] * 3
    assert "bound_cents" not in json.loads(run("plan", *options, *words, "--json").stdout)


def test_the_first_interrupt_is_heard_and_the_second_ends_the_command() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stopped_by_interrupt() as interrupted:
        assert not interrupted()
        signal.raise_signal(signal.SIGINT)
        assert interrupted()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupted_search_writes_the_best_plan_so_far(options: list[object], tmp_path: Path) -> None:
    prepare(wait=True)  # compiled, so that the command's own process has it soon
    out, marks = tmp_path / "plan.json", tmp_path / "marks"
    # the interrupt comes when the search has begun, however long reading takes
    program = (
        "import pathlib, routing.plan.solve as s; begun = s.run_searches\n"
        f"s.run_searches = lambda *a: (pathlib.Path({str(marks)!r}).touch(), begun(*a))[1]\n"
        "from routing.interface.cli import main; main()"
    )
    words = [str(word) for word in (*options, "--iterations", 10**8, "-o", out)]
    process = subprocess.Popen([sys.executable, "-c", program, "plan", *words], stdout=subprocess.PIPE, text=True)
    while not marks.exists() and process.poll() is None:
        time.sleep(0.05)
    time.sleep(2.0)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "(interrupted)" in told
    notes = json.loads(out.read_text())["notes"]
    assert "The search was interrupted: this is the best plan that it had found." in notes


def test_what_no_plan_can_serve_is_told_before_the_search(tmp_path: Path) -> None:
    stops = STOPS + 'PIANO,43.742511,7.422557,"Avenue du Carnier, Monte-Carlo",,,420,900,0,\n'
    words = write_day(tmp_path, stops=stops)
    result = run("plan", *words, "--iterations", 20, "-o", tmp_path / "plan.json")
    assert result.exit_code == 0, result.output
    assert "Before the search: PIANO cannot be served: CAPACITY, its load is 900" in result.stderr


def test_everything_can_be_compiled_ahead() -> None:
    result = run("prepare")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Ready: ")
    assert engine_is_ready("ruin_recreate")
