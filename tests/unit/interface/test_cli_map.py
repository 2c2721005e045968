"""`routing map`: what is told of a map and its network, for which profile, and where networks are kept."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ascii_map import write_map
from monaco_day import HELSINKI, MONACO, write_day
from typer.testing import CliRunner, Result

from routing.interface.cli import app
from routing.interface.stopwatch import Stopwatch
from routing.network.build import build_network
from routing.network.profile import Profile
from routing.network.save import VERSION, load_network, profile_sha256
from routing.osm.read import read_osm


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_every_count_of_the_report_is_told() -> None:
    facts = json.loads(run("map", "info", HELSINKI, "--json").stdout)
    built = build_network(read_osm(HELSINKI), Profile.van())
    for name in built.report.__dataclass_fields__:
        told = getattr(built.report, name)
        assert facts[name] == (list(told) if isinstance(told, tuple) else told)
    assert facts["drives_on"] == "right"
    assert facts["timed_rules"] == len(built.rule_hours)
    assert facts["turns"] == built.turn_to.size
    assert (facts["profile"], facts["profile_sha256"]) == ("van", profile_sha256(Profile.van()))
    assert facts["format_version"] == VERSION
    assert any(fact.startswith("max_speed_kph") for fact in facts["profile_facts"])


def test_a_saved_network_tells_the_same(tmp_path: Path) -> None:
    saved = tmp_path / "helsinki.npz"
    result = run("map", "build", HELSINKI, "-o", saved)
    assert result.exit_code == 0
    assert "were cut there" in result.stdout
    of_map, of_saved = (json.loads(run("map", "info", path, "--json").stdout) for path in (HELSINKI, saved))
    differ = {name for name in of_map if of_map[name] != of_saved[name]}
    assert differ <= {"map", "map_date"}


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    own, saved = tmp_path / "low.toml", tmp_path / "low.npz"
    own.write_text('based_on = "van"\nname = "low van"\nmax_speed_kph = 45.0\n')
    assert run("map", "build", MONACO, "-o", saved, "--profile", own).exit_code == 0
    network = load_network(saved)
    assert network.profile.name == "low van"
    assert network.arc_speed_kph.max() <= 45
    assert "max_speed_kph 45.0" in json.loads(run("map", "info", saved, "--json").stdout)["profile_facts"]


@pytest.mark.parametrize(
    ("content", "code"), [(None, "FILE_UNREADABLE"), (b"\xff\xfe", "ENCODING"), (b"wheels = 3", "wheels")]
)
def test_a_profile_that_is_none_is_refused(tmp_path: Path, content: bytes | None, code: str) -> None:
    own = tmp_path / "own.toml"
    if content is not None:
        own.write_bytes(content)
    result = run("map", "info", MONACO, "--profile", own)
    assert result.exit_code == 2
    assert code in result.stderr


def test_a_profile_that_is_not_shipped_is_refused() -> None:
    result = run("map", "info", MONACO, "--profile", "lorry")
    assert result.exit_code == 2
    assert "UNKNOWN_PROFILE" in result.stderr


def test_a_network_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    result = run("map", "build", MONACO, "-o", tmp_path / "none" / "monaco.npz")
    assert result.exit_code == 2
    assert "OUTPUT_UNWRITABLE" in result.stderr


def test_plans_keep_networks_where_the_option_says(tmp_path: Path) -> None:
    write_day(tmp_path)
    files = ["--stops", tmp_path / "stops.csv", "--fleet", tmp_path / "fleet.csv", "--date", "2026-11-23"]
    plans = []
    for name in ("cold", "warm"):
        arguments = ["plan", "--map", MONACO, *files, "--iterations", 5, "--cache", tmp_path / "kept"]
        assert run(*arguments, "-o", tmp_path / f"{name}.json").exit_code == 0
        plans.append((tmp_path / f"{name}.json").read_bytes())
    assert len(list((tmp_path / "kept").glob("*.npz"))) == 1
    assert plans[0] == plans[1]


def test_progress_stays_out_of_pipes(tmp_path: Path) -> None:
    path = write_map(tmp_path / "drawn.osm", "a-b-c", {"abc": {"highway": "residential"}})
    code = "from routing.interface.cli import main; main()"
    command = [sys.executable, "-c", code, "map", "build", str(path), "-o", str(tmp_path / "drawn.npz")]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stderr == ""
    assert ended.stdout == f"Written: {tmp_path / 'drawn.npz'}\n"


def test_progress_has_words_and_shares(tmp_path: Path) -> None:
    told: list[str] = []
    watch = Stopwatch(on_stage=told.append)
    extract = read_osm(MONACO, on_progress=watch.tell)
    build_network(extract, Profile.van(), on_progress=watch.tell)
    assert told[0] == "read the map"
    assert told[-1] == "build the network, 40%"
