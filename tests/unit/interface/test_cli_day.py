"""A whole day on the map of Monaco, through the command line."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from monaco_day import STOPS, listing, write_day
from typer.testing import CliRunner, Result

from routing.events.published import PlanPublished
from routing.interface.cli import app
from routing.network.save import load_network
from routing.store.sqlite_log import open_log

MORE = """\
S5,43.7437,7.4296,Monte-Carlo,,,300,2,0,
S6,43.7310,7.4150,Fontvieille,09:00,12:00,240,1,0,
S7,43.7275,7.4190,Fontvieille,,,240,1,0,
S8,43.7490,7.4390,Beausoleil,,,240,3,10,
"""
EVENTS = [
    {"id": "E1", "type": "weather_reported", "known_at": "07:50", "condition": "rain_heavy", "until": "12:00"},
    {"id": "E2", "type": "stop_cancelled", "known_at": "07:55", "stop_id": "S7"},
    {
        "id": "E3",
        "type": "road_closed",
        "known_at": "08:00",
        "where": {
            "type": "Polygon",
            "coordinates": [[[7.418, 43.732], [7.421, 43.732], [7.421, 43.735], [7.418, 43.735], [7.418, 43.732]]],
        },
        "until": "09:10",
    },
    {
        "id": "E4",
        "type": "stop_added",
        "known_at": "08:05",
        "stop": {"stop_id": "S9", "lat_deg": 43.7380, "lon_deg": 7.4246, "service_s": 60, "notes": "new"},
    },
]


def run(*arguments: object, text: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=text)


def posted(day_file: Path, *events: dict[str, object], options: tuple[object, ...] = ()) -> Result:
    return run("day", "event", day_file, "-", *options, text="\n".join(json.dumps(event) for event in events))


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a day with its first plan."""
    folder = tmp_path_factory.mktemp("morning")
    result = run("day", "new", folder / "day.db", *write_day(folder, stops=STOPS + MORE), "--iterations", 40)
    assert result.exit_code == 0, result.output
    assert "8 stops served, 0 unassigned" in result.stdout
    return folder / "day.db"


@pytest.fixture(scope="module")
def lived(morning: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a day after its events."""
    path = tmp_path_factory.mktemp("lived") / "day.db"
    shutil.copy(morning, path)
    result = posted(path, *EVENTS)
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def day_file(morning: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(morning, tmp_path / "day.db"))


def plans(path: Path) -> list[PlanPublished]:
    with open_log(path, read_only=True) as log:
        return [event for event in log.events() if isinstance(event, PlanPublished)]


def document(path: Path, tmp_path: Path, *options: object) -> dict[str, object]:
    assert run("day", "plan", path, "-o", tmp_path / "plan.json", *options).exit_code == 0
    return json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))


def test_every_stop_of_the_day_stands_once_in_every_plan(lived: Path, tmp_path: Path) -> None:
    morning_ids = {f"S{number}" for number in range(1, 9)}
    published = plans(lived)
    for version in range(1, len(published) + 1):
        plan = document(lived, tmp_path, "--version", version)
        names = [visit["stop_id"] for route in plan["routes"] for visit in route["visits"]]
        names += [left["stop_id"] for left in plan["unassigned"]] + [done["stop_id"] for done in plan["done"]]
        # S9 is ordered at 08:05, the last thing that happens.
        assert sorted(names) == sorted(morning_ids | ({"S9"} if version == len(published) else set()))
    assert {done["stop_id"]: done["state"] for done in plan["done"]}["S7"] == "cancelled"


def test_plans_name_what_happened(lived: Path) -> None:
    story = " ".join(plan.reason for plan in plans(lived)[1:])
    for words in ("weather reported E1", "stop cancelled E2 (S7)", "stop added E4 (S9)"):
        assert words in story


def test_a_replay_gives_the_same_bytes(lived: Path, tmp_path: Path) -> None:
    result = run("day", "replay", lived, "-o", tmp_path / "again")
    assert result.exit_code == 0, result.output
    for version in range(1, len(plans(lived)) + 1):
        run("day", "plan", lived, "--version", version, "-o", tmp_path / "stored.json")
        assert (tmp_path / "again" / f"plan-{version}.json").read_bytes() == (tmp_path / "stored.json").read_bytes()


def test_a_replay_that_differs_says_where_and_ends_with_1(lived: Path, tmp_path: Path) -> None:
    import hashlib
    import sqlite3
    import zlib

    changed = Path(shutil.copy(lived, tmp_path / "day.db"))
    with open_log(lived, read_only=True) as log:
        content = log.blob("plan/1").replace(b"Monte-Carlo", b"Elsewhere!!")
    connection = sqlite3.connect(changed)
    connection.execute("DROP TRIGGER blobs_stay")
    connection.execute(
        "UPDATE blobs SET sha256 = ?, bytes = ? WHERE name = 'plan/1'",
        (hashlib.sha256(content).hexdigest(), zlib.compress(content)),
    )
    connection.commit()
    connection.close()
    result = run("day", "replay", changed)
    assert result.exit_code == 1
    assert "plan 1 differs" in result.stderr
    assert "Elsewhere" in result.stderr


def test_what_is_shown_is_what_a_dispatcher_asks_for(lived: Path) -> None:
    result = run("day", "show", lived)
    assert result.exit_code == 0
    for words in (
        "VAN-1",
        "VAN-2",
        "1 cancelled",
        "In force: E1 rain heavy everywhere",
        "In force: E3 closed: an area",
    ):
        assert words in result.stdout
    values = json.loads(run("day", "show", lived, "--json").stdout)
    assert values["stops"] == {"served": 0, "failed": 0, "cancelled": 1, "planned": 8, "unassigned": 0}
    assert [vehicle["vehicle_id"] for vehicle in values["vehicles"]] == ["VAN-1", "VAN-2"]
    assert sum(vehicle["stops_left"] for vehicle in values["vehicles"]) <= 8


def test_events_that_are_known_change_nothing(lived: Path) -> None:
    before = [event.id for event in plans(lived)]
    result = posted(lived, *EVENTS, options=("--json",))
    assert result.exit_code == 0
    values = json.loads(result.stdout)
    assert (values["accepted"], values["known"], values["plans"]) == ([], ["E1", "E2", "E3", "E4"], [])
    assert [event.id for event in plans(lived)] == before


def test_without_a_replan_the_orders_stay(day_file: Path) -> None:
    result = posted(day_file, EVENTS[0], EVENTS[3], options=("--no-replan",))
    assert result.exit_code == 0, result.output
    first, *later = plans(day_file)
    assert not any(plan.searched for plan in later)
    assert later[-1].unassigned[0][:2] == ("S9", "NOT_PLANNED")
    order = {route.vehicle_id: [visit.stop_id for visit in route.visits] for route in first.routes}
    last = {
        route.vehicle_id: [visit.stop_id for visit in (*route.assumed, *route.visits)] for route in later[-1].routes
    }
    assert last == order
    # A re-plan then finds a place for the new stop, and exports say what changed.
    assert run("day", "replan", day_file, "--now", "08:10").exit_code == 0
    assert plans(day_file)[-1].unassigned == ()


def test_an_export_tells_what_changed_since_the_last(day_file: Path, tmp_path: Path) -> None:
    assert run("day", "export", day_file, "--format", "csv", "--out", tmp_path / "a").exit_code == 0
    assert posted(day_file, EVENTS[3]).exit_code == 0
    result = run("day", "export", day_file, "--format", "csv", "--format", "gpx", "--out", tmp_path / "b")
    assert result.exit_code == 0, result.output
    # The dispatcher reads of all vehicles in one list, so each line says whose it is.
    assert re.search(r"^VAN-[12]: S9 is added", result.stdout, re.MULTILINE)
    assert any(name.endswith(".gpx") for name in listing(tmp_path / "b"))
    # Exported once, it is no news any more.
    again = run("day", "export", day_file, "--format", "csv", "--out", tmp_path / "c")
    assert "S9 is added" not in again.stdout


def test_a_vehicle_that_is_out_for_the_day_is_not_said_to_come_back(day_file: Path) -> None:
    # At 10:00 both are under way: the plan has a route for each.
    stranded = {"id": "o", "type": "vehicle_out_of_service", "known_at": "10:00", "vehicle_id": "VAN-1"}
    assert posted(day_file, stranded).exit_code == 0
    vehicles = json.loads(run("day", "show", day_file, "--json").stdout)["vehicles"]
    first = next(each for each in vehicles if each["vehicle_id"] == "VAN-1")
    assert (first["activity"], first["back"]) == ("out of service", None)


def test_the_goods_of_a_broken_vehicle_are_taken_over_and_its_driver_reads_so(day_file: Path, tmp_path: Path) -> None:
    stranded = {"id": "o", "type": "vehicle_out_of_service", "known_at": "10:00", "vehicle_id": "VAN-1"}
    told = posted(day_file, stranded, options=("--iterations", 50))
    assert "VAN-2 takes over from VAN-1" in told.stdout
    (transfer,) = plans(day_file)[-1].transfers
    content = document(day_file, tmp_path)
    (route,) = [each for each in content["routes"] if each["vehicle_id"] == "VAN-2"]
    visit = next(each for each in route["visits"] if each["stop_id"] == transfer.id)
    assert visit["transfer"] == {"from_vehicle": "VAN-1", "stop_ids": list(transfer.stop_ids)}
    assert visit["address"].startswith("take over from VAN-1 for ")
    # Its goods are no load of the vehicle before, and it is no stop that somebody asked for.
    goods = sum(each["load"] for each in route["visits"] if each["stop_id"] in transfer.stop_ids)
    assert goods > 0
    assert route["load"] + goods == sum(each["load"] for each in route["visits"])
    assert route["totals"]["served"] == len(route["visits"]) - 1
    assert run("day", "export", day_file, "--format", "sheet", "--out", tmp_path / "s").exit_code == 0
    sheet = (tmp_path / "s" / "VAN-2.sheet.html").read_text(encoding="utf-8")
    assert "TRANSFER" in sheet
    assert f"with {route['load']} on board" in sheet
    assert run("day", "replay", day_file).exit_code == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["FILE_EMPTY"]),
        ("{", ["EVENTS_NOT_JSON"]),
        ("[1]", ["EVENT_FORM"]),
        ("[" * 100_000, ["EVENTS_NOT_JSON", "nested too deeply"]),
        ('{"id": "a", "type": ["stop_cancelled"], "known_at": "08:00"}', ["EVENT_TYPE"]),
        ('{"id": "a", "type": "stop_cancelled", "known_at": "0001-01-01T00:00+01:00", "stop_id": "S1"}', ["1970"]),
        ('{"id": "a", "type": "stop_cancelled", "known_at": "2199-12-31T00:00", "stop_id": "S1"}', ["400 days"]),
        # The next day's date: what is posted later would never be later.
        ('{"id": "a", "type": "stop_cancelled", "known_at": "2026-11-24T11:00", "stop_id": "S1"}', ["EVENT_OTHER_DAY"]),
        ('{"id": "a", "type": "flood", "known_at": "08:00"}', ["EVENT_TYPE", "road_closed"]),
        ('{"id": "a", "type": "stop_cancelled", "known_at": "25:00"}', ["known_at", "stop_id", "VALUE_MISSING"]),
        (
            '{"id": "a", "type": "road_closed", "known_at": "08:00", "where": {"way_id": 1}, "untill": "09:00"}',
            ["FIELD_UNKNOWN", "untill"],
        ),
        ('{"id": "a", "type": "road_closed", "known_at": "08:00", "where": {"street": 1}}', ["where", "GeoJSON"]),
        (
            '{"id": "a", "type": "traffic_reported", "known_at": "08:00", "where": {"way_id": 1}}',
            ["exactly one of speed_factor"],
        ),
        (
            '{"id": "a", "type": "weather_reported", "known_at": "08:00", "condition": "frogs"}',
            ["'frogs' is not known", "rain_light"],
        ),
        (
            '{"id": "a", "type": "stop_added", "known_at": "08:00", "stop": {"stop_id": "N", "lat_deg": 7.42, '
            '"lon_deg": 43.74, "load": -1}}',
            ["NUMBER_RANGE", "load"],
        ),
        (
            '{"id": "a", "type": "stop_cancelled", "known_at": "08:00", "stop_id": "S1"}\n'
            '{"id": "a", "type": "stop_cancelled", "known_at": "08:00", "stop_id": "S2"}\n'
            '{"id": "b", "type": "stop_cancelled", "known_at": "08:00", "stop_id": "S99"}\n',
            ["EVENT_ID_REUSED", "STOP_UNKNOWN"],
        ),
    ],
)
def test_bad_events_give_every_fault_and_leave_the_day_as_it_was(morning: Path, text: str, words: list[str]) -> None:
    with open_log(morning, read_only=True) as log:
        before = log.events()
    result = run("day", "event", morning, "-", text=text)
    assert result.exit_code == 2
    for word in words:
        assert word in result.stderr
    with open_log(morning, read_only=True) as log:
        assert log.events() == before


def test_bad_files_and_times_are_said_to_be_bad(morning: Path, tmp_path: Path) -> None:
    existing = run("day", "new", morning, *write_day(tmp_path))
    assert (existing.exit_code, "FILE_EXISTS" in existing.stderr) == (2, True)
    text = tmp_path / "text.db"
    text.write_text("no database " * 100)
    for command in (("show",), ("replan",), ("replay",), ("plan",), ("export", "--format", "csv", "--out", tmp_path)):
        result = run("day", command[0], text, *command[1:])
        assert (result.exit_code, "NOT_A_DAY" in result.stderr) == (2, True)
    assert run("day", "show", tmp_path / "none.db").exit_code == 2
    past = run("day", "replan", morning, "--now", "2026-11-22T08:00")
    assert (past.exit_code, "NOW_PAST" in past.stderr) == (2, True)
    later = run("day", "replan", morning, "--now", "2026-11-25T08:00")
    assert (later.exit_code, "NOW_OTHER_DAY" in later.stderr) == (2, True)
    assert run("day", "replan", morning, "--now", "soon").exit_code == 2
    assert run("day", "plan", morning, "--version", 99).exit_code == 2
    unknown = run("day", "export", morning, "--format", "telex", "--out", tmp_path)
    assert (unknown.exit_code, "is not known" in unknown.stderr) == (2, True)


def test_a_position_beyond_the_map_is_said(day_file: Path) -> None:
    # What a receiver without a fix reports.
    seen = {
        "id": "E",
        "type": "vehicle_position",
        "known_at": "08:00",
        "vehicle_id": "VAN-1",
        "lat_deg": 0,
        "lon_deg": 0,
    }
    result = posted(day_file, seen)
    assert (result.exit_code, "lies beyond the map" in result.stderr) == (0, True)


def test_a_way_that_the_map_does_not_have_is_refused(day_file: Path) -> None:
    before = day_file.read_bytes()
    for where in ({"way_id": 1}, {"from_osm_id": 1, "to_osm_id": 2}):
        result = posted(day_file, {"id": "E", "type": "road_closed", "known_at": "08:00", "where": where})
        assert (result.exit_code, "WAY_UNKNOWN" in result.stderr) == (2, True)
    assert day_file.read_bytes() == before


def test_an_area_beside_the_map_changes_nothing_and_is_said(day_file: Path) -> None:
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    area = {"type": "Polygon", "coordinates": [ring]}
    told = {"id": "E", "type": "weather_reported", "known_at": "08:00", "condition": "snow", "area": area}
    result = posted(day_file, told)
    assert result.exit_code == 0
    assert "names no road of this map" in result.stderr


@pytest.mark.parametrize("after_s", [0.5, 1.5])
def test_a_killed_command_leaves_a_day_that_goes_on(day_file: Path, tmp_path: Path, after_s: float) -> None:
    events = tmp_path / "events.jsonl"
    events.write_text("\n".join(json.dumps(event) for event in EVENTS), encoding="utf-8")
    command = [sys.executable, "-c", "from routing.interface.cli import main; main()", "day", "event"]
    process = subprocess.Popen(
        [*command, str(day_file), str(events)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        start_new_session=True,
    )
    time.sleep(after_s)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert run("day", "show", day_file).exit_code == 0
    result = run("day", "event", day_file, events)
    assert result.exit_code == 0, result.output
    with open_log(day_file) as log:
        ids = [event.id for event in log.events()]
    assert [key for key in ids if key.startswith("E")] == ["E1", "E2", "E3", "E4"]
    assert run("day", "replay", day_file).exit_code == 0


def test_a_road_is_reported_open_again_and_a_jam_fades(day_file: Path) -> None:
    way = {"way_id": int(_some_way(day_file))}
    result = posted(
        day_file,
        {"id": "A", "type": "road_closed", "known_at": "08:00", "where": way},
        {"id": "B", "type": "road_reopened", "known_at": "08:30", "where": way},
        {"id": "C", "type": "traffic_reported", "known_at": "08:40", "where": way, "speed_kph": 5, "fade_s": 1800},
        options=("--no-replan",),
    )
    assert result.exit_code == 0, result.output
    shown = run("day", "show", day_file).stdout
    assert f"open again: way {way['way_id']}" in shown
    assert run("day", "replay", day_file).exit_code == 0


def _some_way(day_file: Path) -> int:
    with open_log(day_file, read_only=True) as log:
        network = load_network(io.BytesIO(log.blob("network")))
    return int(network.arc_way_id[0])


def test_what_fades_is_in_force_until_nothing_is_left_of_it(day_file: Path) -> None:
    fading = {
        "rain": {"type": "weather_reported", "condition": "rain", "until": "08:30", "fade_s": 3600},
        "jam": {"type": "traffic_reported", "where": {"way_id": 91917704}, "speed_factor": 0.5, "fade_s": 1800},
    }
    assert posted(day_file, *({"id": key, "known_at": "08:00", **body} for key, body in fading.items())).exit_code == 0
    for now, left in (("08:15", ["09:30", "08:30"]), ("09:00", ["09:30"]), ("09:30", [])):
        shown = json.loads(run("day", "show", day_file, "--now", now, "--json").stdout)["conditions"]
        assert [condition["until"][11:16] for condition in shown] == left


def test_a_dispatcher_asks_weighs_accepts_and_closes(day_file: Path, tmp_path: Path) -> None:
    new_stop = EVENTS[3]
    before = day_file.read_bytes()
    asked = run("day", "what-if", day_file, "-", "--iterations", 50, text=json.dumps(new_stop))
    assert "Nothing was written." in asked.output
    assert "If so, new plan" in asked.output
    assert day_file.read_bytes() == before
    assert "no proposal waits" in run("day", "accept", day_file).output
    told = posted(day_file, new_stop, options=("--propose", "--iterations", 50))
    assert "routing:proposal-1 of 08:05 waits for your word" in told.output
    assert "S9: added to VAN-" in run("day", "proposal", day_file).output
    waiting = json.loads(run("day", "proposal", day_file, "--json").output)
    assert [change["kind"] for change in waiting["changes"] if change["stop_id"] == "S9"] == ["added"]
    assert "Proposal: routing:proposal-1" in run("day", "show", day_file).output
    assert "The dispatcher accepted routing:proposal-1: 1 added" in run("day", "accept", day_file).output
    assert "cannot be taken back" in run("day", "undo", day_file, "E4").output
    posted(day_file, EVENTS[0] | {"known_at": "08:10"}, options=("--iterations", 50))
    assert run("day", "undo", day_file, "E1", "--iterations", 50).exit_code == 0
    assert run("day", "replay", day_file).exit_code == 0
    before = day_file.read_bytes()
    assert run("day", "close", day_file, "--next", tmp_path).exit_code == 2
    assert day_file.read_bytes() == before
    closed = run("day", "close", day_file, "--next", tmp_path / "next.csv")
    assert "The day is closed: 9 stops go over, 0 of them tried before." in closed.output
    assert len((tmp_path / "next.csv").read_text(encoding="utf-8").splitlines()) == 10
    assert run("day", "close", day_file, "--next", tmp_path / "next.csv").exit_code == 0
