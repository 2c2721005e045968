"""What a day's files become: defaults of date and zone, places, and what a problem carries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from monaco_day import FLEET, HELSINKI, MONACO, STOPS, write_day

from routing.errors import InputError
from routing.interface import read_inputs as reading
from routing.interface.planning import Assembly, assemble, map_warnings
from routing.interface.read_inputs import DayInputs, PlanFiles, read_inputs, time_zone_of
from routing.interface.stopwatch import Stopwatch

FILES = PlanFiles(map=MONACO, stops=Path("stops.csv"), fleet=Path("fleet.csv"))


def files(folder: Path, *, stops: str = STOPS, fleet: str = FLEET, day: date | None = None) -> PlanFiles:
    write_day(folder, stops=stops, fleet=fleet)
    return replace(FILES, stops=folder / "stops.csv", fleet=folder / "fleet.csv", date=day)


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    folder = tmp_path_factory.mktemp("day")
    same_place = STOPS + "S5,43.742649,7.423496,the same door as S4,,,60,1,0,\n"
    return assemble(files(folder, stops=same_place, day=date(2026, 11, 23)))


def test_a_point_that_comes_twice_is_one_place(assembly: Assembly) -> None:
    problem = assembly.problem
    # One depot, four doors; S5 is at the door of S4.
    assert len(problem.places) == 5
    place = {stop.id: stop.place for stop in problem.stops}
    assert place["S5"] == place["S4"]
    assert {(vehicle.start_place, vehicle.end_place) for vehicle in problem.vehicles} == {(0, 0)}
    assert problem.travel.matrix.duration_s.shape[-2:] == (5, 5)


def test_the_zone_is_that_of_the_maps_place(assembly: Assembly) -> None:
    assert assembly.inputs.time_zone == assembly.problem.time_zone == "Europe/Paris"
    assert time_zone_of((24.93, 60.16, 24.96, 60.18)) == "Europe/Helsinki"


def test_the_speed_table_begins_at_the_zones_midnight(assembly: Assembly) -> None:
    assert int(assembly.metric.slice_start_s[0]) == 20_780 * 86_400 - 3_600  # 2026-11-23T00:00+01:00


def test_the_date_is_the_fleets_own_where_none_is_given(tmp_path: Path) -> None:
    dated = FLEET.replace("07:30,16:30", "2026-12-01T07:30,2026-12-01T16:30")
    assert read_inputs(files(tmp_path, fleet=dated)).date == date(2026, 12, 1)


def test_the_date_is_today_in_the_zone_where_nothing_names_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(reading, "today", lambda zone: asked.append(zone) or date(2027, 1, 2))
    found: DayInputs = read_inputs(files(tmp_path))
    assert (found.date, asked) == (date(2027, 1, 2), ["Europe/Paris"])


def test_shifts_of_a_faulty_fleet_still_tell_reversed_windows(tmp_path: Path) -> None:
    stops = STOPS.replace("08:00,10:00,300", "10:00,08:00,300")
    with pytest.raises(InputError) as caught:
        read_inputs(files(tmp_path, stops=stops, fleet=FLEET.replace("van,65", "lorry,65"), day=date(2026, 11, 23)))
    codes = [issue.code for issue in caught.value.issues]
    assert codes == ["PROFILE_UNKNOWN", "PROFILE_UNKNOWN", "WINDOW_REVERSED"]


def test_every_input_has_its_hash(assembly: Assembly, tmp_path: Path) -> None:
    hashes = dict(assembly.inputs.hashes)
    assert set(hashes) == {"map", "stops", "fleet"}
    assert all(len(found) == 64 for found in hashes.values())
    again = dict(read_inputs(files(tmp_path, day=date(2026, 11, 24))).hashes)
    assert (again["map"], again["fleet"]) == (hashes["map"], hashes["fleet"])
    assert again["stops"] != hashes["stops"]


def test_a_cut_map_warns_with_figures(tmp_path: Path) -> None:
    stops = "stop_id,lat_deg,lon_deg\nS1,60.1700,24.9440\n"
    fleet = FLEET.replace("43.7285,7.4145", "60.1690,24.9420")
    found = assemble(replace(files(tmp_path, stops=stops, fleet=fleet, day=date(2026, 11, 23)), map=HELSINKI))
    report = found.network.report
    assert report.ways_cut > 0
    cut = next(warning for warning in map_warnings(report) if "were cut" in warning)
    assert str(report.ways_cut) in cut
    assert str(report.nodes_missing) in cut


def test_a_stopwatch_names_its_stages_in_order() -> None:
    told: list[str] = []
    watch = Stopwatch(on_stage=told.append)
    for stage in ("read", "search"):
        watch.start(stage)
    watch.stop()
    watch.stop()
    assert told == ["read", "search"]
    assert [stage for stage, _ in watch.stages] == told
    assert all(seconds >= 0 for _, seconds in watch.stages)
