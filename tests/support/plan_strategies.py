"""Small random problems with every kind of bound, for property tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from small_problems import OffRoadTravel

from routing.network.location import Location
from routing.problem.model import FollowFee, Problem, StartFee, Stop, TimeWindow, Vehicle
from routing.travel.matrix import TravelMatrix

DAY_S = 20_000
SEARCHING = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def matrices(draw: st.DrawFn, size: int, slices: int) -> TravelMatrix:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    duration_s = rng.integers(60, 1500, (slices, size, size)).astype(np.int32)
    distance_m = rng.integers(100, 9000, (slices, size, size)).astype(np.int32)
    reachable = rng.random((slices, size, size)) > draw(st.sampled_from([0.0, 0.0, 0.05]))
    for table in (duration_s, distance_m):
        table[:, np.arange(size), np.arange(size)] = 0
    reachable[:, np.arange(size), np.arange(size)] = True
    starts_s = np.sort(rng.choice(DAY_S, slices, replace=False)).astype(np.int64)
    return TravelMatrix(duration_s=duration_s, distance_m=distance_m, reachable=reachable, slice_start_s=starts_s)


@st.composite
def windows(draw: st.DrawFn) -> tuple[TimeWindow, ...]:
    edges = sorted(draw(st.lists(st.integers(0, DAY_S), max_size=4, unique=True)))
    return tuple(TimeWindow(start_s=a, end_s=b) for a, b in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def start_fees(draw: st.DrawFn) -> tuple[StartFee, ...]:
    edges = sorted(draw(st.lists(st.integers(0, DAY_S), max_size=6, unique=True)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple(StartFee(from_s=a, until_s=b, cents=draw(st.integers(0, 3_000))) for a, b in pairs)


@st.composite
def with_fees(draw: st.DrawFn, problem: Problem) -> Problem:
    """Give stops fees of every kind; the ids of stops and vehicles are those of `problems`."""
    vehicle_ids, stop_ids = [vehicle.id for vehicle in problem.vehicles], [stop.id for stop in problem.stops]
    cents = st.integers(0, 3_000)
    stops = []
    for stop in problem.stops:
        others = [None, *(name for name in stop_ids if name != stop.id)]
        follow = st.builds(
            FollowFee,
            vehicle_id=st.sampled_from(vehicle_ids),
            after_stop_id=st.sampled_from(others),
            cents=cents,
        )
        charged = draw(st.lists(st.sampled_from(vehicle_ids), unique=True))
        stops.append(
            replace(
                stop,
                start_fees=draw(start_fees()),
                vehicle_fees=tuple((name, draw(cents)) for name in charged),
                follow_fee=draw(st.none() | follow),
            )
        )
    return replace(problem, stops=tuple(stops))


@st.composite
def problems(draw: st.DrawFn, *, most_stops: int = 7, simple: bool = False, fees: bool = False) -> Problem:
    fleet, count = draw(st.integers(1, 3)), draw(st.integers(0, most_stops))
    names = [f"V{number}" for number in range(fleet)]
    size = count + 3
    stops = [
        Stop(
            id=f"S{number}",
            place=draw(st.integers(0, size - 1)),
            windows=draw(windows()),
            service_s=draw(st.integers(0, 600)),
            load=draw(st.integers(0, 4)),
            priority=draw(st.sampled_from([0, 0, 5, 100])),
            lateness_allowed=draw(st.booleans()),
            allowed_vehicles=draw(st.none() | st.lists(st.sampled_from(names), unique=True).map(tuple)),
        )
        for number in range(count)
    ]
    spare = [stop for stop in stops if stop.allowed_vehicles is None]
    vehicles = []
    for name in names:
        from_s = draw(st.integers(0, DAY_S // 2))
        committed = tuple(stop.id for stop in spare[: draw(st.integers(0, 0 if simple else 2))])
        spare = spare[len(committed) :]
        vehicles.append(
            Vehicle(
                id=name,
                profile="van",
                capacity=draw(st.integers(2, 14)),
                shift=TimeWindow(start_s=from_s, end_s=from_s + draw(st.integers(0, DAY_S))),
                start_place=draw(st.integers(0, size - 1)),
                end_place=draw(st.integers(0, size - 1)),
                committed=committed,
                used=draw(st.booleans()),
                start_fixed=draw(st.booleans()),
                overtime_allowed=draw(st.booleans()),
            )
        )
    slices = 1 if simple else draw(st.sampled_from([1, 3]))
    problem = Problem(
        stops=tuple(stops),
        vehicles=tuple(vehicles),
        places=tuple(Location(lat_deg=0.0, lon_deg=float(place)) for place in range(size)),
        travel=OffRoadTravel(
            matrix=draw(matrices(size, slices)),
            off_road_m=tuple(draw(st.lists(st.sampled_from([0.0, 30.5, 99.6, 250.0]), min_size=size, max_size=size))),
        ),
    )
    return draw(with_fees(problem)) if fees else problem
