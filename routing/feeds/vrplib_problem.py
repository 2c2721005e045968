"""Make a problem of a benchmark instance: whole numbers in which nothing is lost, and only the distance is paid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.errors import InputError, Issue
from routing.feeds.vrplib_instance import DOUBLE_DECIMALS, LARGEST, MOST_CENTS, VrpInstance
from routing.feeds.vrplib_options import Aim
from routing.network.location import Location
from routing.problem.model import Objective, Problem, Shipment, Stop, TimeWindow, Vehicle
from routing.problem.travel import MatrixTravel
from routing.travel.matrix import TravelMatrix


@dataclass(frozen=True, slots=True, kw_only=True)
class VrpProblem:
    """Hold the problem of an instance; its seconds, metres and cents are all one `scale`-th of the file's unit."""

    problem: Problem
    scale: int


def vrp_problem(instance: VrpInstance, aim: Aim) -> VrpProblem:
    """Return the problem: stop ids are the numbers of solutions, times begin at 0 and drives are rounded up.

    Leaving a stop out costs more than any distance and, like one vehicle more where vehicles come first, is never
    worth it. InputError where the numbers are too large.
    """
    scale = _scale(instance, aim)
    metres = np.rint(instance.weight * scale)
    # A weight times a power of ten may miss a whole number by the last bit.
    seconds = np.maximum(np.ceil(instance.weight * scale - 1e-6), 0)
    opens = np.ceil(instance.window_start * scale - 1e-6).astype(np.int64)
    service = np.ceil(instance.service * scale - 1e-6).astype(np.int64)
    far = int(seconds.max(axis=1).sum()) + int(service.sum()) + int(opens.max()) + 1
    ends = np.where(np.isfinite(instance.window_end), instance.window_end * scale + 1e-6, far)
    closes = np.minimum(ends, far).astype(np.int64)
    home = int(closes[0]) if instance.longest is None else min(int(closes[0]), int(instance.longest * scale + 1e-6))
    dearest = _most(instance, scale)
    shift = TimeWindow(start_s=int(opens[0]), end_s=home)
    problem = Problem(
        stops=tuple(
            Stop(
                id=str(place),
                place=place,
                windows=(TimeWindow(start_s=int(opens[place]), end_s=int(closes[place])),),
                service_s=int(service[place]),
                load=0 if instance.carried else int(instance.demand[place]),
            )
            for place in range(1, instance.stops + 1)
        ),
        vehicles=tuple(
            Vehicle(
                id=str(number),
                profile=instance.kind,
                capacity=instance.capacity,
                shift=shift,
                start_place=0,
                end_place=0,
            )
            for number in range(1, _fleet(instance, seconds, opens, closes, service, home) + 1)
        ),
        places=(Location(lat_deg=0.0, lon_deg=0.0),) * (instance.stops + 1),
        travel=MatrixTravel(
            matrix=TravelMatrix(
                duration_s=seconds.astype(np.int32),
                distance_m=metres.astype(np.int32),
                reachable=np.ones(metres.shape, np.bool_),
                slice_start_s=np.zeros(1, np.int64),
            )
        ),
        objective=Objective(
            duty_cents_per_h=0,
            distance_cents_per_km=1000,
            vehicle_cents=dearest if aim is Aim.VEHICLES else 0,
            lateness_cents_per_min=0,
            unserved_cents=dearest * (2 if aim is Aim.VEHICLES else 1),
        ),
        access_walk=None,
        shipments=_shipments(instance),
    )
    return VrpProblem(problem=problem, scale=scale)


def _shipments(instance: VrpInstance) -> tuple[Shipment, ...]:
    return tuple(
        Shipment(
            id=str(number),
            pickup_stop_id=str(pickup),
            delivery_stop_id=str(delivery),
            load=int(instance.demand[pickup]),
        )
        for number, (pickup, delivery) in enumerate(instance.carried, start=1)
    )


def _scale(instance: VrpInstance, aim: Aim) -> int:
    """Return into how many parts the file's unit is cut: the finest that the numbers allow where none is set."""
    wanted = [DOUBLE_DECIMALS, 3, 2, 1, 0] if instance.decimals is None else [instance.decimals]
    for decimals in wanted:
        scale = 10**decimals
        cents = _most(instance, scale) * instance.stops * (3 if aim is Aim.VEHICLES else 1)
        times = (instance.weight, instance.service, instance.window_start)
        if cents <= MOST_CENTS and max(float(each.max()) for each in times) * scale <= LARGEST:
            return int(scale)
    cause = f"weights up to {instance.weight.max():g} over {instance.stops} stops need more than 64 bits to price"
    issue = Issue(code="NUMBERS_TOO_LARGE", where=instance.name, cause=cause, action="Give smaller numbers.")
    raise InputError([issue])


def _most(instance: VrpInstance, scale: int) -> int:
    """Return a price above that of any plan's distance."""
    return int(instance.farthest * scale) + instance.stops + 2


def _fleet(
    instance: VrpInstance,
    seconds: NDArray[np.float64],
    opens: NDArray[np.int64],
    closes: NDArray[np.int64],
    service: NDArray[np.int64],
    home: int,
) -> int:
    """Return how many vehicles to search with: a quarter more than a simple plan needs, the file's limit at most.

    Stops in the order in which they close go to the end of the route that grows least, or else begin one. Idle
    vehicles cost a search time and memory, so a file that allows a thousand need not get them. Where goods are carried
    between stops such a plan says little: there is a vehicle for each shipment, within the file's limit.
    """
    if instance.carried:
        return min(len(instance.carried), instance.vehicles or len(instance.carried))
    rank = np.argsort(closes[1:], kind="stable") + 1
    at, free, room = (np.zeros(instance.stops, np.int64) for _ in range(3))
    used = 0
    for stop in rank:
        at[used], free[used], room[used] = 0, opens[0], instance.capacity
        fits = slice(0, used + 1)
        begin = np.maximum(free[fits] + seconds[at[fits], stop], opens[stop])
        holds = (begin <= closes[stop]) & (room[fits] >= instance.demand[stop])
        holds &= begin + service[stop] + seconds[stop, 0] <= home
        if not holds.any():
            continue
        added = seconds[at[fits], stop] + seconds[stop, 0] - seconds[at[fits], 0]
        # The vehicle that has not left yet is the last one, and taken where no other holds.
        added[used] = np.inf
        chosen = int(np.argmin(np.where(holds, added, np.inf))) if holds[:used].any() else used
        used = max(used, chosen + 1)
        at[chosen], free[chosen] = stop, int(begin[chosen]) + int(service[stop])
        room[chosen] -= instance.demand[stop]
    enough = min(instance.stops, used + used // 4 + 2)
    return enough if instance.vehicles is None else min(enough, instance.vehicles)
