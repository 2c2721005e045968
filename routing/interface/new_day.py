"""Begin a day: its files become the log's first events, with the road network beside them."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from pathlib import Path

from routing.errors import InputError
from routing.events.options import ReplanOptions
from routing.events.published import PlanPublished
from routing.events.types import DayStarted
from routing.interface.day_roads import NETWORK, input_name
from routing.interface.day_rows import day_stop, day_vehicle, faults_of_day
from routing.interface.dispatcher import first_plan
from routing.interface.plan_day import PREFIX, Budget, document_name
from routing.interface.planning import Roads, build_problem, map_warnings, network_for
from routing.interface.read_inputs import DayInputs, PlanFiles, read_inputs
from routing.interface.stopwatch import Stopwatch
from routing.network.road_network import RoadNetwork
from routing.network.save import save_network
from routing.problem.access_walk import AccessWalk
from routing.store.sqlite_log import check_new, create_log
from routing.travel.speed_table import free_flow
from routing.units import wall_clock_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDay:
    """Hold what a new day's log begins with."""

    started: DayStarted
    plan: PlanPublished
    document: bytes


def new_day(
    path: Path,
    files: PlanFiles,
    options: ReplanOptions,
    *,
    budget: Budget | None = None,
    stopwatch: Stopwatch | None = None,
) -> NewDay:
    """Make a day's file from its map, stops and fleet, with its first plan; it appears whole or not at all.

    `options` bound the searches of the whole day, and `budget` may bound the first one otherwise; a file of replan
    options comes on top of them.
    """
    watch = stopwatch or Stopwatch()
    check_new(path)
    watch.start("read")
    inputs = read_inputs(files, watch.tell)
    faults = list(faults_of_day(inputs))
    if faults:
        raise InputError(faults)
    watch.start("network")
    network = network_for(inputs.map, inputs.vehicles[0].vehicle.profile, cache=files.cache, on_progress=watch.tell)
    # Refuses vehicles that stand too far from any road; the times mean nothing here.
    build_problem(
        [Roads(network=network, metric=free_flow(network))],
        stops=inputs.stops,
        vehicles=inputs.vehicles,
        objective=inputs.objective,
        time_zone=inputs.time_zone,
    )
    options = replace(options, **inputs.replan)
    saved = io.BytesIO()
    save_network(network, saved)
    started = _started(inputs, network, options, saved.getvalue(), files.access_walk)
    watch.start("search")
    first, found = first_plan(started, network, inputs.traffic, budget)
    watch.start("write")
    kept = {input_name(name): data for name, data in inputs.traffic_contents.items()}
    blobs = {NETWORK: saved.getvalue(), document_name(1): found.document, **kept}
    create_log(path, (first, found.event), blobs=blobs)
    watch.stop()
    return NewDay(started=started, plan=found.event, document=found.document)


def _started(
    inputs: DayInputs, network: RoadNetwork, options: ReplanOptions, saved: bytes, access_walk: AccessWalk | None
) -> DayStarted:
    midnight_s = wall_clock_instant(inputs.date, 0, inputs.time_zone)
    # News of the evening before comes after the beginning of the day all the same.
    known_at_s = min(midnight_s, *(row.vehicle.shift.start_s for row in inputs.vehicles))
    return DayStarted(
        id=f"{PREFIX}day",
        known_at_s=known_at_s,
        effective_at_s=known_at_s,
        date=inputs.date.isoformat(),
        time_zone=inputs.time_zone,
        stops=tuple(day_stop(row) for row in inputs.stops),
        vehicles=tuple(day_vehicle(row) for row in inputs.vehicles),
        objective=inputs.objective,
        network_sha256=hashlib.sha256(saved).hexdigest(),
        replan=options,
        inputs=inputs.hashes,
        warnings=(*map_warnings(network.report), *inputs.traffic.warnings(network)),
        access_walk=access_walk,
    )
