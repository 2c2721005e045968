"""Read what a plan is asked for, whatever says it: tables on a map, or a problem.json with a map or matrices."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import typer

from routing.errors import InputError, Issue
from routing.export.document import PlanContext, PlanDocument, installed_versions
from routing.interface.check_document import timed_walk
from routing.interface.column_notes import column_notes
from routing.interface.network_cache import NetworkCache
from routing.interface.planning import (
    assemble,
    make_tables,
    network_for,
    off_road,
    plan_context,
    roads_context,
    roads_of,
    travel_on,
)
from routing.interface.problem_from_document import locations_of, problem_from_document
from routing.interface.problem_schema import ProblemDocument
from routing.interface.read_inputs import PlanFiles, open_map, sha256
from routing.interface.read_problem import read_problem_document
from routing.interface.stopwatch import Stopwatch
from routing.interface.traffic import TrafficFiles, parse_traffic, read_contents
from routing.problem.access_walk import AccessWalk
from routing.problem.model import Problem, TimeWindow
from routing.problem.validate import validate
from routing.units import local_date, parse_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Name the files that a command was given."""

    map: Path | None = None
    stops: Path | None = None
    fleet: Path | None = None
    depots: Path | None = None
    problem: Path | None = None
    objective: Path | None = None
    date: date | None = None
    time_zone: str | None = None
    access_walk: AccessWalk | None = field(default_factory=AccessWalk)
    traffic: TrafficFiles = field(default_factory=TrafficFiles)
    cache: NetworkCache | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Hold a problem, ready to be solved, and where it comes from."""

    problem: Problem
    context: PlanContext
    notes: tuple[str, ...] = ()
    """What a user should know of the tables, see `column_notes`."""


def of_plan(source: Source, document: PlanDocument) -> Source:
    """Return a source with the date and the zone of a plan, where it names none, and its way of timing walks."""
    if source.problem is not None:
        return source
    return replace(
        source,
        date=source.date or date.fromisoformat(document.date),
        time_zone=source.time_zone or document.time_zone,
        access_walk=timed_walk(document),
    )


def read_asked(source: Source, watch: Stopwatch, *, seed: int = 0) -> Asked:
    """Return the problem of the files; InputError with the faults of all of them, a usage error where some lack."""
    if source.problem is not None:
        return _of_problem(source, source.problem, watch, seed)
    if source.map is None or source.stops is None or source.fleet is None:
        raise typer.BadParameter("give --map, --stops and --fleet, or --problem")
    files = PlanFiles(
        map=source.map,
        stops=source.stops,
        fleet=source.fleet,
        depots=source.depots,
        objective=source.objective,
        date=source.date,
        time_zone=source.time_zone,
        cache=source.cache,
        access_walk=source.access_walk,
        traffic=source.traffic,
    )
    assembly = assemble(files, watch)
    context = plan_context(assembly, seed=seed)
    return Asked(problem=assembly.problem, context=context, notes=column_notes(files.stops, files.fleet))


def _of_problem(source: Source, path: Path, watch: Stopwatch, seed: int) -> Asked:
    _refuse_beside(source)
    watch.start("read")
    document = read_problem_document(path)
    named = (("problem", sha256(path)),)
    if document.matrices:
        asked = _on_matrices(source, document, path.name, named, seed)
    else:
        asked = _on_map(source, document, named, watch, seed)
    issues = validate(asked.problem)
    if issues:
        raise InputError(issues)
    watch.stop()
    return asked


def _refuse_beside(source: Source) -> None:
    """Refuse options that say again what the problem says already."""
    said = {
        "--stops": source.stops,
        "--fleet": source.fleet,
        "--depots": source.depots,
        "--objective": source.objective,
        "--date": source.date,
        "--time-zone": source.time_zone,
        "--walking-speed": None if source.access_walk in (None, AccessWalk()) else source.access_walk,
    }
    given = [name for name, value in said.items() if value is not None]
    if given:
        raise typer.BadParameter(f"--problem says all of it; leave out {', '.join(given)}")


def _on_matrices(
    source: Source, document: ProblemDocument, name: str, named: tuple[tuple[str, str], ...], seed: int
) -> Asked:
    if source.map is not None or source.traffic.by_name():
        cause = "it holds its travel times, so that neither a map nor speeds can change them"
        action = "Leave --map and the files of speeds and weather out, or the matrices out of the file."
        raise InputError([Issue(code="TRAVEL_TWICE", where=f"{name}: matrices", cause=cause, action=action)])
    problem = problem_from_document(document)
    context = PlanContext(
        date=_date(document),
        profile=", ".join(dict.fromkeys(vehicle.profile for vehicle in document.vehicles)),
        map_source=f"the matrices of {name}",
        map_sha256=dict(named)["problem"],
        map_attribution="",
        inputs=named,
        seed=seed,
        versions=installed_versions(),
        splits_cost=True,
    )
    return Asked(problem=problem, context=context)


def _on_map(
    source: Source, document: ProblemDocument, named: tuple[tuple[str, str], ...], watch: Stopwatch, seed: int
) -> Asked:
    if source.map is None or not document.vehicles:
        problem_from_document(document)  # says that nothing tells the travel times
        raise typer.BadParameter("give --map too")
    day, zone = _date(document), document.time_zone
    contents, issues = read_contents(source.traffic)
    if issues:
        raise InputError(issues)
    traffic = parse_traffic(contents, day=day, time_zone=zone, paths=source.traffic.by_name())
    opened = open_map(source.map, cache=source.cache, on_progress=watch.tell)
    watch.start("network")
    profiles = dict.fromkeys(vehicle.profile for vehicle in document.vehicles)
    networks = [network_for(opened, name, cache=source.cache, on_progress=watch.tell) for name in profiles]
    watch.start("travel times")
    roads = tuple(roads_of(networks, traffic, date=day, time_zone=zone))
    shifts = [
        TimeWindow(start_s=parse_instant(start, None, zone), end_s=parse_instant(end, None, zone))
        for start, end in (vehicle.shift for vehicle in document.vehicles)
    ]
    travel, profile_travel = travel_on(roads, locations_of(document), shifts)
    problem = problem_from_document(document, travel=travel, profile_travel=profile_travel)
    far = off_road(problem)
    if far:
        raise InputError(far)
    make_tables(problem)
    further = tuple((name, sha256(path)) for name, path in source.traffic.by_name().items())
    inputs = (("map", opened.source_sha256), *named, *further)
    return Asked(problem=problem, context=roads_context(roads, traffic, date=day, inputs=inputs, seed=seed))


def _date(document: ProblemDocument) -> date:
    """Return the date on which the first shift starts."""
    starts_s = [parse_instant(vehicle.shift[0], None, document.time_zone) for vehicle in document.vehicles]
    return local_date(min(starts_s, default=0), document.time_zone)
