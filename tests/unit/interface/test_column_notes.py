"""What a user is told of columns that are read as constraints, and of those that only look like it."""

from __future__ import annotations

from pathlib import Path

from monaco_day import MONACO
from typer.testing import CliRunner

from routing.interface.cli import app
from routing.interface.column_notes import column_notes

FLEET = "vehicle_id,capacity,shift_start,shift_end,start_lat_deg,start_lon_deg"
VAN = "VAN,8,08:00,16:00,43.7285,7.4145"


def day(tmp_path: Path, stops: str, stop: str, fleet: str = "", vehicle: str = "") -> tuple[Path, Path]:
    files = tmp_path / "stops.csv", tmp_path / "fleet.csv"
    files[0].write_text(f"stop_id,lat_deg,lon_deg,{stops}\nS,43.7338,7.4195,{stop}\n", encoding="utf-8")
    files[1].write_text(f"{FLEET},{fleet}\n{VAN},{vehicle}\n", encoding="utf-8")
    return files


def test_columns_that_ask_for_something_are_named_and_so_are_those_that_only_seem_to(tmp_path: Path) -> None:
    files = day(
        tmp_path,
        "address,load,notes,load_kg,territory,skills,due,window3_start,window3_end",
        "Here,1,ring,3,North,cold,,08:00,09:00",
        "colour,type,release_time",
        "red,bike,now",
    )
    assert column_notes(*files) == (
        "stops.csv asks for something in load_kg, territory, window3_start, window3_end; "
        "rename a column that means another thing.",
        "stops.csv asks for nothing in skills: no column with a meaning is called like that.",
        "fleet.csv asks for something in type; rename a column that means another thing.",
    )


def test_nothing_is_said_of_usual_tables(tmp_path: Path) -> None:
    assert column_notes(*day(tmp_path, "address,load,notes,goods", "Here,1,ring,", "colour,driver", "red,")) == ()


def test_the_command_tells_it(tmp_path: Path) -> None:
    stops, fleet = day(tmp_path, "territory,skills", "North,cold")
    options = ["--map", MONACO, "--stops", stops, "--fleet", fleet, "--date", "2026-11-23"]
    done = CliRunner().invoke(app, ["problem", "write", *map(str, options), "-o", str(tmp_path / "p.json")])
    assert done.exit_code == 0
    assert "Note: stops.csv asks for something in territory;" in done.stderr
    assert "Note: stops.csv asks for nothing in skills:" in done.stderr
