"""Assemble a problem from a day's files.

The command line, the dispatcher and users of the library share these functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from routing.errors import InputError, Issue
from routing.export.document import PlanContext, installed_versions
from routing.interface.network_cache import NetworkCache
from routing.interface.read_depots import DepotRow
from routing.interface.read_fleet import VehicleRow
from routing.interface.read_inputs import DayInputs, KnownMap, PlanFiles, read_inputs
from routing.interface.read_stops import StopRow
from routing.interface.stopwatch import Stopwatch
from routing.interface.traffic import Traffic
from routing.network.build import build_network
from routing.network.location import Location
from routing.network.profile import Profile
from routing.network.road_network import BuildReport, RoadNetwork
from routing.osm.extract import Extract, OnProgress
from routing.osm.read import read_osm
from routing.problem.access_walk import AccessWalk
from routing.problem.model import Objective, Problem, Shipment, TimeWindow
from routing.travel.metric import Metric
from routing.travel.road_travel import RoadTravel

USUAL_WALK = AccessWalk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """Hold the roads of one profile and how quick they are."""

    network: RoadNetwork
    metric: Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """Hold a problem and what it was made of."""

    inputs: DayInputs
    roads: tuple[Roads, ...]
    """One for each profile of the fleet, that of the first vehicle first."""
    problem: Problem

    @property
    def network(self) -> RoadNetwork:
        """Return the network of the first vehicle's profile."""
        return self.roads[0].network

    @property
    def metric(self) -> Metric:
        """Return the metric of the first vehicle's profile."""
        return self.roads[0].metric


def assemble(files: PlanFiles, stopwatch: Stopwatch | None = None) -> Assembly:
    """Read a day's files and return its problem, ready to be solved.

    Raises InputError with the faults of all files at once.
    """
    watch = stopwatch or Stopwatch()
    watch.start("read")
    inputs = read_inputs(files, watch.tell)
    watch.start("network")
    profiles = dict.fromkeys(row.vehicle.profile for row in inputs.vehicles)
    networks = [network_for(inputs.map, name, cache=files.cache, on_progress=watch.tell) for name in profiles]
    watch.start("travel times")
    roads = tuple(roads_of(networks, inputs.traffic, date=inputs.date, time_zone=inputs.time_zone))
    problem = build_problem(
        roads,
        stops=inputs.stops,
        vehicles=inputs.vehicles,
        depots=inputs.depots,
        shipments=inputs.shipments,
        objective=inputs.objective,
        time_zone=inputs.time_zone,
        access_walk=files.access_walk,
    )
    make_tables(problem)
    watch.stop()
    return Assembly(inputs=inputs, roads=roads, problem=problem)


def roads_of(networks: Iterable[RoadNetwork], traffic: Traffic, *, date: date, time_zone: str) -> Iterator[Roads]:
    """Yield networks with what is known of their speeds on a day before it begins."""
    for network in networks:
        yield Roads(network=network, metric=traffic.metric(network, date=date, time_zone=time_zone))


def make_tables(problem: Problem) -> None:
    """Make the tables of a problem, which are made on first use, here, so that the stage's time is its own."""
    for travel in (problem.travel, *(travel for _, travel in problem.profile_travel)):
        _ = travel.matrix


def network_for(
    opened: Extract | RoadNetwork | KnownMap,
    profile: str,
    *,
    cache: NetworkCache | None = None,
    on_progress: OnProgress | None = None,
) -> RoadNetwork:
    """Return the road network of a map for a profile, by its name; from the cache, where it has it.

    Raises InputError where a saved network was made for another profile.
    """
    if isinstance(opened, RoadNetwork):
        if opened.profile.name == profile:
            return opened
        cause = f"The saved network is made for the profile {opened.profile.name!r}, the fleet has {profile!r}."
        action = "Give the map itself, or save a network for this profile."
        raise InputError([Issue(code="PROFILE_OTHER", where=opened.source, cause=cause, action=action)])
    wanted = Profile.named(profile)
    found = cache.find(opened.source_sha256, wanted, opened.source) if cache is not None else None
    if found is None:
        extract = opened if isinstance(opened, Extract) else read_osm(opened.path, on_progress=on_progress)
        found = build_network(extract, wanted, on_progress=on_progress)
        if cache is not None:
            cache.keep(found)
    return found


def build_problem(
    roads: Sequence[Roads],
    *,
    stops: Sequence[StopRow],
    vehicles: Sequence[VehicleRow],
    objective: Objective,
    time_zone: str,
    access_walk: AccessWalk | None = USUAL_WALK,
    depots: Sequence[DepotRow] = (),
    shipments: Sequence[Shipment] = (),
) -> Problem:
    """Return the problem of rows on the roads of their profiles; a point that comes twice is one place.

    Vehicles of a profile without roads of its own drive on the first ones. Raises InputError where the place of a
    vehicle or depot is too far from any road to drive from.
    """
    points = [point for row in vehicles for point in (row.start, row.end)]
    points += [row.location for row in depots]
    points += [row.location for row in stops]
    index = {point: place for place, point in enumerate(dict.fromkeys(points))}
    travel, profile_travel = travel_on(roads, tuple(index), [row.vehicle.shift for row in vehicles])
    problem = Problem(
        stops=tuple(replace(row.stop, place=index[row.location]) for row in stops),
        vehicles=tuple(
            replace(row.vehicle, start_place=index[row.start], end_place=index[row.end]) for row in vehicles
        ),
        places=tuple(index),
        travel=travel,
        objective=objective,
        time_zone=time_zone,
        access_walk=access_walk,
        depots=tuple(replace(row.depot, place=index[row.location]) for row in depots),
        shipments=tuple(shipments),
        profile_travel=profile_travel,
    )
    issues = off_road(problem)
    if issues:
        raise InputError(issues)
    return problem


def travel_on(
    roads: Sequence[Roads], places: tuple[Location, ...], shifts: Sequence[TimeWindow]
) -> tuple[RoadTravel, tuple[tuple[str, RoadTravel], ...]]:
    """Return the travel on the first roads, and on the others by their profiles."""
    horizon_s = (min(shift.start_s for shift in shifts), max(shift.end_s for shift in shifts))
    first, *others = (RoadTravel(each.network, each.metric, places, horizon_s=horizon_s) for each in roads)
    names = (each.network.profile.name for each in roads[1:])
    return first, tuple(zip(names, others, strict=True))


def off_road(problem: Problem) -> list[Issue]:
    """Return a fault for each place of a vehicle or depot that is too far from any road of its profile."""
    issues = []
    for vehicle in problem.vehicles:
        travel = problem.travel_of(vehicle)
        # The open end of a route is at a stop.
        ends = [] if vehicle.open_start else [vehicle.start_place]
        ends += [] if vehicle.open_end else [vehicle.end_place]
        for place in dict.fromkeys(ends):
            if not travel.usable[place]:
                issues.append(_far("VEHICLE", vehicle.id, problem.places[place], float(travel.snap_distance_m[place])))
    for depot in problem.depots:
        if not problem.travel.usable[depot.place]:
            distance_m = float(problem.travel.snap_distance_m[depot.place])
            issues.append(_far("DEPOT", depot.id, problem.places[depot.place], distance_m))
    return issues


def plan_context(assembly: Assembly, *, seed: int) -> PlanContext:
    """Return where a fresh plan of these files comes from, for its published form."""
    inputs = assembly.inputs
    return roads_context(assembly.roads, inputs.traffic, date=inputs.date, inputs=inputs.hashes, seed=seed)


def roads_context(
    roads: Sequence[Roads], traffic: Traffic, *, date: date, inputs: tuple[tuple[str, str], ...], seed: int
) -> PlanContext:
    """Return where a fresh plan on roads comes from."""
    network = roads[0].network
    warnings = (
        line for each in roads for line in (*map_warnings(each.network.report), *traffic.warnings(each.network))
    )
    return PlanContext(
        date=date,
        profile=", ".join(each.network.profile.name for each in roads),
        map_source=network.source,
        map_sha256=network.source_sha256,
        map_attribution=network.attribution,
        inputs=inputs,
        seed=seed,
        versions=installed_versions(),
        warnings=tuple(dict.fromkeys(warnings)),
        splits_cost=True,
    )


def map_warnings(report: BuildReport) -> tuple[str, ...]:
    """Return what a dispatcher must know of the map: what is cut, ignored or lacking."""
    warnings = [f"This kind of map does not tell: {lack}." for lack in report.lacks]
    if report.ways_cut:
        warnings.append(
            f"{report.ways_cut} ways point to {report.nodes_missing} nodes that the map does not hold "
            "and were cut there: roads at its edge may end too early."
        )
    warnings += [f"Ignored: {line}." for line in (*report.restrictions_ignored, *report.tags_ignored)]
    return tuple(warnings)


def _far(what: str, name: str, point: Location, distance_m: float) -> Issue:
    cause = f"Its place {point.lat_deg}, {point.lon_deg} is {distance_m:,.0f} m from the nearest usable road."
    action = "Move the place to a road, or use a map that holds the road."
    return Issue(code=f"{what}_OFF_ROAD", where=f"{what.lower()} {name}", cause=cause, action=action)
