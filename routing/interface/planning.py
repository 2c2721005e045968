"""Assemble a problem from a day's files.

The command line, the dispatcher and users of the library share these functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routing.errors import InputError, Issue
from routing.export.document import PlanContext, installed_versions
from routing.interface.network_cache import NetworkCache
from routing.interface.read_fleet import VehicleRow
from routing.interface.read_inputs import DayInputs, KnownMap, PlanFiles, read_inputs
from routing.interface.read_stops import StopRow
from routing.interface.stopwatch import Stopwatch
from routing.network.build import build_network
from routing.network.location import Location
from routing.network.profile import Profile
from routing.network.road_network import BuildReport, RoadNetwork
from routing.osm.extract import Extract, OnProgress
from routing.osm.read import read_osm
from routing.problem.access_walk import AccessWalk
from routing.problem.model import Objective, Problem, Stop, Vehicle
from routing.travel.metric import Metric
from routing.travel.road_travel import RoadTravel

USUAL_WALK = AccessWalk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """Hold a problem and what it was made of."""

    inputs: DayInputs
    network: RoadNetwork
    metric: Metric
    problem: Problem


def assemble(files: PlanFiles, stopwatch: Stopwatch | None = None) -> Assembly:
    """Read a day's files and return its problem, ready to be solved.

    Raises InputError with the faults of all files at once.
    """
    watch = stopwatch or Stopwatch()
    watch.start("read")
    inputs = read_inputs(files, watch.tell)
    watch.start("network")
    network = network_for(inputs.map, inputs.vehicles[0].profile, cache=files.cache, on_progress=watch.tell)
    watch.start("travel times")
    metric = inputs.traffic.metric(network, date=inputs.date, time_zone=inputs.time_zone)
    problem = build_problem(
        network,
        metric,
        stops=inputs.stops,
        vehicles=inputs.vehicles,
        objective=inputs.objective,
        time_zone=inputs.time_zone,
        access_walk=files.access_walk,
    )
    _ = problem.travel.matrix  # made on first use; made here, so that the stage's time is its own
    watch.stop()
    return Assembly(inputs=inputs, network=network, metric=metric, problem=problem)


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
    network: RoadNetwork,
    metric: Metric,
    *,
    stops: Sequence[StopRow],
    vehicles: Sequence[VehicleRow],
    objective: Objective,
    time_zone: str,
    access_walk: AccessWalk | None = USUAL_WALK,
) -> Problem:
    """Return the problem of rows on a network; a point that comes twice is one place.

    Raises InputError where a vehicle's place is too far from any road to drive from.
    """
    points = [point for vehicle in vehicles for point in (vehicle.start, vehicle.end)]
    points += [stop.location for stop in stops]
    index = {point: place for place, point in enumerate(dict.fromkeys(points))}
    horizon_s = (
        min(vehicle.shift.start_s for vehicle in vehicles),
        max(vehicle.shift.end_s for vehicle in vehicles),
    )
    travel = RoadTravel(network, metric, tuple(index), horizon_s=horizon_s)
    issues = [
        _far_vehicle(vehicle.vehicle_id, point, float(travel.snap_distance_m[index[point]]))
        for vehicle in vehicles
        for point in dict.fromkeys((vehicle.start, vehicle.end))
        if not travel.usable[index[point]]
    ]
    if issues:
        raise InputError(issues)
    return Problem(
        stops=tuple(_stop(stop, index[stop.location]) for stop in stops),
        vehicles=tuple(_vehicle(vehicle, index) for vehicle in vehicles),
        places=tuple(index),
        travel=travel,
        objective=objective,
        time_zone=time_zone,
        access_walk=access_walk,
    )


def plan_context(assembly: Assembly, *, seed: int) -> PlanContext:
    """Return where a fresh plan of these files comes from, for its published form."""
    network, inputs = assembly.network, assembly.inputs
    return PlanContext(
        date=inputs.date,
        profile=network.profile.name,
        map_source=network.source,
        map_sha256=network.source_sha256,
        map_attribution=network.attribution,
        inputs=inputs.hashes,
        seed=seed,
        versions=installed_versions(),
        warnings=(*map_warnings(network.report), *inputs.traffic.warnings(network)),
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


def _far_vehicle(vehicle_id: str, point: Location, distance_m: float) -> Issue:
    cause = f"Its place {point.lat_deg}, {point.lon_deg} is {distance_m:,.0f} m from the nearest usable road."
    action = "Move the place to a road, or use a map that holds the road."
    return Issue(code="VEHICLE_OFF_ROAD", where=f"vehicle {vehicle_id}", cause=cause, action=action)


def _stop(row: StopRow, place: int) -> Stop:
    return Stop(
        id=row.stop_id,
        place=place,
        windows=row.windows,
        service_s=row.service_s,
        load=row.load,
        priority=row.priority,
        address=row.address,
        columns=row.columns,
    )


def _vehicle(row: VehicleRow, index: dict[Location, int]) -> Vehicle:
    return Vehicle(
        id=row.vehicle_id,
        profile=row.profile,
        capacity=row.capacity,
        shift=row.shift,
        start_place=index[row.start],
        end_place=index[row.end],
    )
