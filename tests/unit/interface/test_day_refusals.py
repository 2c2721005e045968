"""What a live day cannot carry is refused when it begins and when it comes later, all of it at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from monaco_day import MONACO

from routing.errors import InputError
from routing.events.options import ReplanOptions
from routing.events.types import StopAdded
from routing.interface.dispatcher import Dispatcher
from routing.interface.event_bodies import EventContext
from routing.interface.event_schema import parse_events
from routing.interface.new_day import NewDay, new_day
from routing.interface.read_inputs import PlanFiles
from routing.interface.replay_day import replay_plans
from routing.plan.engines.registry import Constraint
from routing.store.sqlite_log import open_log

STOPS = """stop_id,lat_deg,lon_deg,service_s,load,{columns}
S1,43.7402,7.4271,300,1,{cells}
S2,43.7290,7.4168,300,1,{blank}
"""
FLEET = """vehicle_id,capacity,shift_start,shift_end,start_lat_deg,start_lon_deg,{columns}
V1,10,07:30,12:00,43.7307,7.4130,{cells}
V2,10,07:30,12:00,43.7307,7.4130,{blank}
"""
FEW = ReplanOptions(time_limit_s=None, iterations=20)


def filled(text: str, cells: dict[str, str]) -> str:
    return text.format(columns=",".join(cells), cells=",".join(cells.values()), blank="," * (len(cells) - 1))


def begun(folder: Path, stop: dict[str, str], vehicle: dict[str, str], objective: str = "") -> NewDay:
    (folder / "stops.csv").write_text(filled(STOPS, stop or {"address": ""}), encoding="utf-8")
    (folder / "fleet.csv").write_text(filled(FLEET, vehicle or {"note": ""}), encoding="utf-8")
    (folder / "prices.toml").write_text(objective, encoding="utf-8")
    files = PlanFiles(
        map=MONACO,
        stops=folder / "stops.csv",
        fleet=folder / "fleet.csv",
        objective=folder / "prices.toml",
        date=date(2026, 11, 23),
    )
    return new_day(folder / "day.db", files, FEW)


def test_a_day_is_refused_for_all_that_it_cannot_carry_at_once(tmp_path: Path) -> None:
    stop = {"together": "flat", "skills_all": "lift", "pickup_load": "2", "allowed_vehicles": "V9"}
    vehicle = {"skills": "lift", "lifo": "yes", "breaks": "09:00/10:00=600", "driving_rules": "eu_561"}
    with pytest.raises(InputError) as caught:
        begun(tmp_path, stop, vehicle, "balance_cents_per_h2 = 100\n")
    told = {(issue.code, issue.where): issue.cause for issue in caught.value.issues}
    assert set(told) == {
        ("DAY_CANNOT", "stop S1:together"),
        ("DAY_CANNOT", "stop S1:pickup_load"),
        ("VEHICLE_UNKNOWN", "stop S1"),
        ("DAY_CANNOT", "vehicle V1:lifo"),
        ("DAY_CANNOT", "vehicle V1:breaks"),
        ("DAY_CANNOT", "vehicle V1:driving_rules"),
        ("DAY_CANNOT", "objective:balance_cents_per_h2"),
    }
    assert str(Constraint.TOGETHER) in told["DAY_CANNOT", "stop S1:together"]
    assert not (tmp_path / "day.db").exists()


def test_a_day_keeps_what_it_carries(tmp_path: Path) -> None:
    stop = {"skills_all": "lift", "territory": "old town", "walk_s": "60", "unserved_cents": "700"}
    vehicle = {"skills": "lift", "territories": "old town", "driver": "Ana", "start_fixed": "yes"}
    made = begun(tmp_path, stop, vehicle)
    asked, offered = made.started.stops[0], made.started.vehicles[0]
    assert (asked.skills_all, asked.territory, asked.walk_s, asked.unserved_cents) == (("lift",), "old town", 60, 700)
    assert (offered.skills, offered.territories, offered.driver, offered.start_fixed) == (
        ("lift",),
        ("old town",),
        "Ana",
        True,
    )
    route = next(route for route in made.plan.routes if any(visit.stop_id == "S1" for visit in route.visits))
    visit = next(visit for visit in route.visits if visit.stop_id == "S1")
    assert route.vehicle_id == "V1"
    # Five minutes of service and twice one on foot; the point lies near its road.
    assert visit.depart_s - visit.start_s >= 420


def test_what_comes_later_is_refused_likewise() -> None:
    context = EventContext(day=date(2026, 11, 23), time_zone="UTC", bbox_deg=None, profiles=("van",))
    place = {"lat_deg": 43.74, "lon_deg": 7.42}
    stop = {"stop_id": "N", **place, "release": "09:00", "load": 1, "together": "x", "skills_all": ["lift"]}
    shift = {"shift_start": "09:00", "shift_end": "17:00", "start_lat_deg": 43.74, "start_lon_deg": 7.42}
    vehicle = {"vehicle_id": "W", "capacity": 5, **shift, "pickups_last": True}
    bodies = [
        {"id": "1", "type": "stop_added", "known_at": "08:00", "stop": stop},
        {"id": "2", "type": "vehicle_added", "known_at": "08:00", "vehicle": vehicle},
    ]
    with pytest.raises(InputError) as caught:
        parse_events(json.dumps(bodies).encode(), context=context, name="events")
    assert [issue.code for issue in caught.value.issues] == ["DAY_CANNOT"] * 2
    del stop["together"], vehicle["pickups_last"]
    first, second = parse_events(json.dumps(bodies).encode(), context=context, name="events")
    assert (first.stop.skills_all, first.stop.release_s is None, second.vehicle.id) == (("lift",), False, "W")


def test_a_day_whose_routes_are_walked_goes_on_and_is_computed_again(tmp_path: Path) -> None:
    stop = {"setup_s": "60", "service_by_type": "truck=600", "load_cold": "2", "due": "11:00"}
    vehicle = {"type": "truck", "capacity_cold": "2", "duty_cents_per_h": "3000", "stops_limit": "9"}
    made = begun(tmp_path, stop, vehicle)
    visit = next(visit for route in made.plan.routes for visit in route.visits if visit.stop_id == "S1")
    assert (visit.setup_s, visit.depart_s - visit.start_s >= 600, visit.loads_after) == (60, True, (("cold", 0),))
    with open_log(tmp_path / "day.db") as log:
        dispatcher = Dispatcher(log)
        at_s = dispatcher.default_now_s
        new = replace(made.started.stops[0], id="N", loads=(), setup_s=30, release_s=at_s + 3_600)
        dispatcher.post([StopAdded(id="add", known_at_s=at_s, effective_at_s=at_s, stop=new)])
        (route,) = (each for each in dispatcher.day.plan.routes if any(v.stop_id == "N" for v in each.visits))
        assert route.start_s >= at_s + 3_600
        assert len(list(replay_plans(log))) == dispatcher.day.plan.version
