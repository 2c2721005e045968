"""Chances, causes and reasons in a day's plans, and what a dispatcher asks about them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from monaco_day import MONACO, STOPS, listing, write_day
from typer.testing import CliRunner, Result

from routing.errors import InputError
from routing.events.asked import DayStop
from routing.events.options import ReplanOptions
from routing.events.types import StopAdded, WeatherReported, WindowChanged
from routing.export.document import parse_document
from routing.interface.cli import app
from routing.interface.dispatcher import Dispatcher
from routing.interface.new_day import new_day
from routing.interface.plan_day import document_name
from routing.interface.read_inputs import PlanFiles
from routing.interface.replay_day import replay_plans
from routing.network.location import Location
from routing.problem.model import TimeWindow
from routing.store.sqlite_log import open_log

OPTIONS = ReplanOptions(time_limit_s=None, iterations=20, draws=200)
PLACE = Location(lat_deg=43.7380, lon_deg=7.4246)
HOUR_S = 3600


def made(folder: Path, options: ReplanOptions) -> Path:
    write_day(folder, stops=STOPS.replace("10:00,12:00,420", "07:31,07:33,420"))
    files = PlanFiles(map=MONACO, stops=folder / "stops.csv", fleet=folder / "fleet.csv", date=date(2026, 11, 23))
    new_day(folder / "day.db", files, options)
    return folder / "day.db"


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("morning"), OPTIONS)


@pytest.fixture
def day_file(morning: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(morning, tmp_path / "day.db"))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def new_stop(at_s: int) -> StopAdded:
    return StopAdded(
        id="new", known_at_s=at_s, effective_at_s=at_s, stop=DayStop(id="S9", location=PLACE, service_s=900)
    )


def test_a_plan_tells_chances_changes_and_reasons_and_is_replayed_with_them(day_file: Path) -> None:
    with open_log(day_file) as log:
        dispatcher = Dispatcher(log)
        first = json.loads(log.blob(document_name(1)))
        (plan,) = dispatcher.post([new_stop(dispatcher.default_now_s)]).plans
        content = log.blob(document_name(plan.version))
        assert len(list(replay_plans(log))) == 2
    assert first["changes"] == []
    told = json.loads(content)
    sure = [visit["chances"] for route in told["routes"] for visit in route["visits"]]
    assert len(sure) == 4
    assert all(each["start_p10"] <= each["start_p50"] <= each["start_p90"] for each in sure)
    assert all(0 < each["on_time"] <= 1 == each["at_home"] for each in sure)
    (added,) = [change for change in told["changes"] if change["stop_id"] == "S9"]
    assert (added["kind"], added["causes"]) == ("added", ["new"])
    assert added["staying_cents"] > 0
    assert next(change for change in plan.changes if change.stop_id == "S9").words == added["words"]
    # S1 wants to be served within minutes of the start, far away.
    (late,) = told["why"]
    assert (late["stop_id"], late["lateness_s"]) == ("S1", None)
    assert {each["reason"] for each in late["obstacles"]} == {"WINDOW"}
    assert late["needed"][0].startswith("window of S1 until 07:")
    # A reader of plans knows nothing of it and reads the plan.
    assert parse_document(content).version == 2


def test_a_day_without_draws_tells_what_it_told_before(tmp_path: Path) -> None:
    day_file = made(tmp_path, replace(OPTIONS, draws=0))
    with open_log(day_file) as log:
        (plan,) = Dispatcher(log).post([new_stop(Dispatcher(log).default_now_s)]).plans
        told = json.loads(log.blob(document_name(2)))
    assert not {"changes", "why", "expected_failures"} & told.keys()
    assert not any("chances" in visit for route in told["routes"] for visit in route["visits"])
    assert {change.words for change in plan.changes} == {""}


def test_a_quote_offers_windows_and_leaves_no_trace(day_file: Path) -> None:
    before = listing(day_file.parent)
    with open_log(day_file, read_only=True) as log:
        dispatcher = Dispatcher(log)
        at_s = dispatcher.default_now_s
        windows = (TimeWindow(start_s=at_s, end_s=at_s + 1), TimeWindow(start_s=at_s + HOUR_S, end_s=at_s + 2 * HOUR_S))
        told = dispatcher.quote(DayStop(id="S9", location=PLACE), windows)
        too_soon, offer = told.offers
        assert too_soon is None
        assert offer is not None
        assert windows[1].start_s <= offer.start_s <= windows[1].end_s
        assert offer.on_time_probability > 0.5
        # From 07:30 on: the half hour, and each hour until 16:30.
        assert len(dispatcher.quote(DayStop(id="S9", location=PLACE)).offers) == 10
        with pytest.raises(InputError) as caught:
            dispatcher.quote(DayStop(id="S1", location=PLACE))
        assert dispatcher.day.seen.get("routing:quote") is None
    assert [issue.code for issue in caught.value.issues] == ["DUPLICATE_ID"]
    assert listing(day_file.parent) == before


def test_why_splits_the_lateness_of_a_stop_in_the_rain(day_file: Path) -> None:
    with open_log(day_file) as log:
        dispatcher = Dispatcher(log)
        at_s, plan = dispatcher.default_now_s, dispatcher.day.plan
        assert plan is not None
        last = max((visit for route in plan.routes for visit in route.visits), key=lambda visit: visit.start_s)
        # A minute after the first shift begins nobody can be there, in snow or not.
        window = TimeWindow(start_s=at_s, end_s=at_s + 60)
        said = WindowChanged(id="said", known_at_s=at_s, effective_at_s=at_s, stop_id=last.stop_id, windows=(window,))
        rain = WeatherReported(id="rain", known_at_s=at_s, effective_at_s=at_s, condition="snow_heavy")
        dispatcher.post([said, rain], replan=False)
        split = dispatcher.why(last.stop_id).lateness
        assert split is not None
        assert (split.weather_s > 0, split.traffic_s, split.service_s, split.earlier_s > 0) == (True, 0, 0, True)
        assert split.weather_s + split.earlier_s == split.lateness_s
        told = dispatcher.why("S1")
        assert (told.state, told.visit, told.lateness) == ("unassigned", None, None)
        assert told.why is not None
        with pytest.raises(InputError) as caught:
            dispatcher.why("NONE")
    assert [issue.code for issue in caught.value.issues] == ["STOP_UNKNOWN"]


def test_the_commands_tell_the_same_in_words_and_json(day_file: Path) -> None:
    place = ("--lat", PLACE.lat_deg, "--lon", PLACE.lon_deg)
    shown = run("day", "quote", day_file, *place, "--window", "10:00-12:00", "--window", "07:30-07:30")
    assert shown.exit_code == 0, shown.output
    assert "10:00-12:00" in shown.output
    assert "1 of 2 windows: nobody can" in shown.output
    told = json.loads(run("day", "quote", day_file, *place, "--window", "10:00-12:00", "--json").output)
    assert told["offers"][0]["vehicle_id"] in ("VAN-1", "VAN-2")
    assert run("day", "quote", day_file, *place, "--window", "noon").exit_code == 2
    why = run("day", "why", day_file, "S1")
    assert why.exit_code == 0, why.output
    assert "S1 is unassigned; in time with" in why.output
    assert "VAN-1: WINDOW:" in why.output
    planned = run("day", "why", day_file, "S2")
    assert "in 8 of 10 cases" in planned.output
    assert json.loads(run("day", "why", day_file, "S2", "--json").output)["stop_id"] == "S2"
    assert run("day", "why", day_file, "S99").exit_code == 2
