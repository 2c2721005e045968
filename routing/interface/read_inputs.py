"""Read a day's files: the map, its time zone, the stops, the fleet and what each thing costs.

This is the one place where the clock is read: for today's date, when neither caller nor fleet names one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzfpy

from routing.errors import InputError, Issue
from routing.interface.coordinates import Bbox
from routing.interface.network_cache import NetworkCache
from routing.interface.read_depots import DepotRow, read_depots
from routing.interface.read_fleet import VehicleRow, read_fleet, readable_shifts, written_day
from routing.interface.read_objective import read_objective
from routing.interface.read_replan import read_replan_options
from routing.interface.read_stops import StopRow, read_stops, shipments_of
from routing.interface.table import read_bytes
from routing.interface.traffic import Traffic, TrafficFiles, parse_traffic, read_contents
from routing.network.profile import PROFILE_NAMES
from routing.network.road_network import RoadNetwork
from routing.network.save import load_network
from routing.osm.extract import Extract, OnProgress
from routing.osm.read import check_map_file, read_osm
from routing.problem.access_walk import AccessWalk
from routing.problem.model import Objective, Shipment

SAVED_NETWORK = ".npz"

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFiles:
    """Name the files of a day, its date and its time zone (None: asked of the fleet and the map).

    With a cache the map's road network is taken from it, or kept in it.
    """

    map: Path
    stops: Path
    fleet: Path
    depots: Path | None = None
    objective: Path | None = None
    replan: Path | None = None
    """Prices and freezes of a day that is planned again, see `read_replan`."""
    date: date | None = None
    time_zone: str | None = None
    cache: NetworkCache | None = None
    traffic: TrafficFiles = field(default_factory=TrafficFiles)
    access_walk: AccessWalk | None = field(default_factory=AccessWalk)
    """How walks to doors off the road are timed; not a file, but asked for beside them."""

    def hashes(self) -> tuple[tuple[str, str], ...]:
        """Return name and SHA-256 of the files of stops, fleet, depots and prices."""
        named = {"stops": self.stops, "fleet": self.fleet, "depots": self.depots}
        named |= {"objective": self.objective, "replan": self.replan}
        return tuple((name, sha256(path)) for name, path in named.items() if path is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMap:
    """Stand for a map of which the cache has some network; its roads are read only for a profile that it has not."""

    path: Path
    source_sha256: str
    bbox_deg: Bbox

    @property
    def source(self) -> str:
        """Return the name of the map's file."""
        return self.path.name


@dataclass(frozen=True, slots=True, kw_only=True)
class DayInputs:
    """Hold what the files say."""

    map: Extract | RoadNetwork | KnownMap
    stops: tuple[StopRow, ...]
    vehicles: tuple[VehicleRow, ...]
    depots: tuple[DepotRow, ...]
    shipments: tuple[Shipment, ...]
    objective: Objective
    replan: Mapping[str, Any]
    """Values by the names of `ReplanOptions`."""
    date: date
    time_zone: str
    hashes: tuple[tuple[str, str], ...]
    """Name and SHA-256 of each input."""
    traffic: Traffic
    traffic_contents: Mapping[str, bytes]
    """Bytes of the files of speeds and weather, by the names in `hashes`."""


def read_inputs(files: PlanFiles, on_progress: OnProgress | None = None) -> DayInputs:
    """Read a day's files; InputError with the faults of all of them at once."""
    issues: list[Issue] = []
    if files.time_zone is not None:
        issues += _time_zone_issues(files.time_zone)
    opened = _gather(lambda: open_map(files.map, cache=files.cache, on_progress=on_progress), issues)
    bbox_deg = None if opened is None else opened.bbox_deg
    zone = files.time_zone or ("UTC" if bbox_deg is None else time_zone_of(bbox_deg))
    if _time_zone_issues(zone):
        zone = "UTC"
    day = files.date or written_day(files.fleet) or today(zone)
    profiles = (*PROFILE_NAMES, opened.profile.name) if isinstance(opened, RoadNetwork) else PROFILE_NAMES
    vehicles = _gather(
        lambda: read_fleet(files.fleet, day=day, time_zone=zone, bbox_deg=bbox_deg, profiles=profiles), issues
    )
    shifts = readable_shifts(files.fleet, day=day, time_zone=zone)
    stops = _gather(lambda: read_stops(files.stops, day=day, time_zone=zone, shifts=shifts, bbox_deg=bbox_deg), issues)
    depots: tuple[DepotRow, ...] = ()
    depots_path = files.depots
    if depots_path is not None:
        found = _gather(
            lambda: read_depots(depots_path, day=day, time_zone=zone, shifts=shifts, bbox_deg=bbox_deg), issues
        )
        depots = found or ()
    objective_path = files.objective
    objective = Objective()
    if objective_path is not None:
        objective = _gather(lambda: read_objective(objective_path), issues) or objective
    contents, missing = read_contents(files.traffic)
    issues += missing
    replan_path = files.replan
    replan = None if replan_path is None else _gather(lambda: read_replan_options(replan_path), issues)
    named_paths = files.traffic.by_name()
    traffic = _gather(lambda: parse_traffic(contents, day=day, time_zone=zone, paths=named_paths), issues)
    if issues or opened is None or vehicles is None or stops is None or traffic is None:
        raise InputError(issues)
    return DayInputs(
        map=opened,
        stops=stops,
        vehicles=vehicles,
        depots=depots,
        shipments=shipments_of(stops, str(files.stops))[0],
        objective=objective,
        replan=replan or {},
        date=day,
        time_zone=zone,
        hashes=(
            ("map", opened.source_sha256),
            *files.hashes(),
            *((name, _sha256(data)) for name, data in contents.items()),
        ),
        traffic=traffic,
        traffic_contents=contents,
    )


def open_map(
    path: Path, *, cache: NetworkCache | None = None, on_progress: OnProgress | None = None
) -> Extract | RoadNetwork | KnownMap:
    """Open a map file of any kind, or a network that was saved from one."""
    if path.suffix == SAVED_NETWORK:
        return load_network(path)
    if cache is not None:
        content_sha256 = check_map_file(path)
        known = cache.any_of(content_sha256)
        if known is not None:
            return KnownMap(path=path, source_sha256=content_sha256, bbox_deg=known.bbox_deg)
    return read_osm(path, on_progress=on_progress)


def time_zone_of(bbox_deg: Bbox) -> str:
    """Return the time zone at the middle of a map."""
    west, south, east, north = bbox_deg
    return str(tzfpy.get_tz((west + east) / 2, (south + north) / 2)) or "UTC"


def today(time_zone: str) -> date:
    """Return the date that the calendars of a zone show now."""
    return datetime.now(ZoneInfo(time_zone)).date()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal digits."""
    return _sha256(read_bytes(path, "input"))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _gather(read: Callable[[], _Result], issues: list[Issue]) -> _Result | None:
    try:
        return read()
    except InputError as error:
        issues += error.issues
        return None


def _time_zone_issues(name: str) -> list[Issue]:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        cause, action = f"{name!r} is not a time zone.", "Use a name such as Europe/Berlin."
        return [Issue(code="TIME_ZONE", where="--time-zone", cause=cause, action=action)]
    return []
