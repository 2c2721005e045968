"""Turn a document of `problem.json` into the problem that it tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from routing.errors import InputError, Issue
from routing.interface.checked_row import shared_fields
from routing.interface.problem_schema import (
    DepotPart,
    Instant,
    MatrixPart,
    ProblemDocument,
    ShipmentPart,
    Span,
    StopPart,
    VehiclePart,
)
from routing.network.location import Location
from routing.problem.access_walk import AccessWalk
from routing.problem.driving_rules import DrivingClocks, DrivingRules
from routing.problem.model import (
    Amounts,
    Break,
    Depot,
    FollowFee,
    Objective,
    Problem,
    Shipment,
    StartFee,
    Stop,
    TimeWindow,
    Travel,
    Vehicle,
)
from routing.problem.travel import MatrixTravel
from routing.travel.matrix import TravelMatrix
from routing.units import parse_instant


def problem_from_document(
    document: ProblemDocument, *, travel: Travel | None = None, profile_travel: Sequence[tuple[str, Travel]] = ()
) -> Problem:
    """Return the problem of a document, on its own matrices or on the travel that is given, over `locations_of` it.

    InputError where the document has no matrices and no travel is given.
    """
    if travel is None:
        travel, profile_travel = matrix_travel(document)
    walk = document.access_walk
    return Problem(
        stops=stops_of(document),
        vehicles=vehicles_of(document),
        places=locations_of(document),
        travel=travel,
        objective=objective_of(document),
        time_zone=document.time_zone,
        access_walk=None if walk is None else AccessWalk(speed_m_per_h=walk.speed_m_per_h, free_m=walk.free_m),
        depots=depots_of(document),
        shipments=tuple(_shipment(part) for part in document.shipments),
        incompatible_goods=document.incompatible_goods,
        required_goods=document.required_goods,
        profile_travel=tuple(profile_travel),
    )


def stops_of(document: ProblemDocument) -> tuple[Stop, ...]:
    """Return the stops of a document."""
    place = _numbers(document)
    return tuple(_stop(part, place) for part in document.stops)


def vehicles_of(document: ProblemDocument) -> tuple[Vehicle, ...]:
    """Return the vehicles of a document."""
    place = _numbers(document)
    return tuple(_vehicle(part, place) for part in document.vehicles)


def depots_of(document: ProblemDocument) -> tuple[Depot, ...]:
    """Return the depots of a document."""
    place = _numbers(document)
    return tuple(_depot(part, place) for part in document.depots)


def objective_of(document: ProblemDocument) -> Objective:
    """Return what each thing costs."""
    return Objective(**document.objective.model_dump())


def _numbers(document: ProblemDocument) -> dict[str, int]:
    return {each.id: number for number, each in enumerate(document.places)}


def locations_of(document: ProblemDocument) -> tuple[Location, ...]:
    """Return the places of a document in their order."""
    return tuple(
        Location(lat_deg=each.lat_deg, lon_deg=each.lon_deg, heading_deg=each.heading_deg, approach=each.approach)
        for each in document.places
    )


def matrix_travel(document: ProblemDocument) -> tuple[MatrixTravel, tuple[tuple[str, MatrixTravel], ...]]:
    """Return the travel of a document's matrices, and that of profiles of their own."""
    parts: dict[str | None, list[MatrixPart]] = {}
    for part in document.matrices:
        parts.setdefault(part.profile, []).append(part)
    if None not in parts:
        cause = "it holds no matrices, so that nothing tells its travel times"
        action = "Give a map, or write matrices over its places."
        raise InputError([Issue(code="TRAVEL_MISSING", where="problem: matrices", cause=cause, action=action)])
    off_road_m = tuple(float("inf") if each.off_road_m is None else each.off_road_m for each in document.places)
    off_map = tuple(number for number, each in enumerate(document.places) if not each.usable)
    made = {
        profile: MatrixTravel(matrix=_matrix(tables), off_road_m=off_road_m if any(off_road_m) else (), off_map=off_map)
        for profile, tables in parts.items()
    }
    return made[None], tuple((profile, travel) for profile, travel in made.items() if profile is not None)


def _matrix(parts: Sequence[MatrixPart]) -> TravelMatrix:
    """Return the tables of one profile; None is NaN for as long as it takes to find it."""
    durations, distances = (
        np.array([getattr(part, name) for part in parts], np.float64) for name in ("durations_s", "distances_m")
    )
    if len(parts) == 1:
        durations, distances = durations[0], distances[0]
    reachable = ~np.isnan(durations)
    return TravelMatrix(
        duration_s=np.where(reachable, durations, 0).astype(np.int32),
        distance_m=np.where(reachable, distances, 0).astype(np.int32),
        reachable=reachable,
        slice_start_s=np.array([0 if part.start is None else _instant_s(part.start) for part in parts], np.int64),
    )


def _stop(part: StopPart, place: Mapping[str, int]) -> Stop:
    fee = part.follow_fee
    return Stop(
        **shared_fields(part, Stop)
        | {
            "place": place[part.place or part.id],
            "windows": tuple(_window(span) for span in part.windows),
            "release_s": None if part.release is None else _instant_s(part.release),
            "due_s": None if part.due is None else _instant_s(part.due),
            "service_by_type": tuple(part.service_by_type.items()),
            "loads": _amounts(part.loads),
            "pickup_loads": _amounts(part.pickup_loads),
            "start_fees": tuple(
                StartFee(from_s=_instant_s(fee.start), until_s=_instant_s(fee.end), cents=fee.cents)
                for fee in part.start_fees
            ),
            "vehicle_fees": tuple(part.vehicle_fees.items()),
            "follow_fee": None if fee is None else FollowFee(**fee.model_dump()),
            "columns": tuple(part.columns.items()),
        }
    )


def _vehicle(part: VehiclePart, place: Mapping[str, int]) -> Vehicle:
    rules, clocks = part.driving_rules, part.driving_clocks
    since = clocks.on_duty_since
    return Vehicle(
        **shared_fields(part, Vehicle)
        | {
            "shift": _window(part.shift),
            "start_place": place[part.start_place],
            "end_place": place[part.end_place or part.start_place],
            "capacities": _amounts(part.capacities),
            "on_board_loads": _amounts(part.on_board_loads),
            "breaks": tuple(
                Break(id=each.id, window=_window(each.window), duration_s=each.duration_s) for each in part.breaks
            ),
            "driving_rules": None if rules is None else DrivingRules(**shared_fields(rules, DrivingRules)),
            "driving_clocks": DrivingClocks(
                **shared_fields(clocks, DrivingClocks),
                on_duty_since_s=None if since is None else _instant_s(since),
            ),
        }
    )


def _depot(part: DepotPart, place: Mapping[str, int]) -> Depot:
    return Depot(
        id=part.id,
        place=place[part.place or part.id],
        windows=tuple(_window(span) for span in part.windows),
        reload_s=part.reload_s,
        stock=None if part.stock is None else _amounts(part.stock),
    )


def _shipment(part: ShipmentPart) -> Shipment:
    return Shipment(**shared_fields(part, Shipment) | {"loads": _amounts(part.loads)})


def _amounts(amounts: Mapping[str, int]) -> Amounts:
    return tuple(sorted(amounts.items()))


def _window(span: Span) -> TimeWindow:
    return TimeWindow(start_s=_instant_s(span[0]), end_s=_instant_s(span[1]))


def _instant_s(text: Instant) -> int:
    return parse_instant(text, None, "UTC")
