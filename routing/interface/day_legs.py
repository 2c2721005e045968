"""What a day's own events teach of its roads: how long the legs between reported visits took."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from routing.events.day import FAILED, SERVED, Day, StopState
from routing.events.fold import replay
from routing.interface.day_roads import NETWORK
from routing.network.location import Location
from routing.network.save import load_network
from routing.network.snap import snap
from routing.store.sqlite_log import SqliteLog
from routing.travel.apply import apply_conditions
from routing.travel.calibrate import Calendar, Drives, paces
from routing.travel.calibrate_drives import LEAST_DRIVE_M, LEAST_DRIVE_S, Clock, KnownLeg, drives_of_legs
from routing.travel.customize import Weights
from routing.travel.drive import Driver
from routing.travel.speed_table import SpeedTable, time_of_day

_AT_OPENING_S = 120
"""Who begins a service within this time after a window opens may have waited for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leg:
    """Hold the drive from one reported visit to the next one of a vehicle."""

    leg_id: str
    origin: Location
    destination: Location
    depart_s: int
    arrive_s: int


def drives_of_day(log: SqliteLog, before: SpeedTable) -> tuple[Drives, Counter[str]]:
    """Return the legs whose beginning and end were reported, and what became of all, in words with counts.

    A leg begins where one visit was reported served or failed, and ends where the next one of the vehicle was
    reported to start. It is taken to have gone the quickest way at its departure, under the traffic, closures and
    weather that the day knows.
    """
    day = replay(log.events())
    network = load_network(io.BytesIO(log.blob(NETWORK)))
    legs, counts = _legs(day)
    zone, calendar = day.started.time_zone, Calendar.of(before)
    base = time_of_day(network, before, date=date.fromisoformat(day.started.date), time_zone=zone)
    metric = apply_conditions(network, base, day.conditions())
    places = [place for leg in legs for place in (leg.origin, leg.destination)]
    driver = Driver(network, metric, Weights(network, metric).of, snap(network, places, radius_m=day.started.radius_m))
    known = []
    for number, leg in enumerate(legs):
        drive = driver.drive(2 * number, 2 * number + 1, leg.depart_s)
        if drive is None or drive.distance_m < LEAST_DRIVE_M:
            counts["legs shorter than 500 m, or without a road"] += 1
        else:
            known.append(KnownLeg(leg_id=leg.leg_id, drive=drive, took_s=leg.arrive_s - leg.depart_s))
    counts["legs that teach"] += len(known)
    west, south, east, north = network.bbox_deg
    instants_s = np.array([day.started.effective_at_s, *(leg.arrive_s for leg in legs)], np.int64)
    clock = Clock.over(calendar, instants_s, zone, ((south + north) / 2, (west + east) / 2))
    return drives_of_legs(network, metric, known, clock, paces(before, calendar)), counts


def _legs(day: Day) -> tuple[list[_Leg], Counter[str]]:
    visits: dict[str, list[StopState]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for stop in day.in_state(SERVED, FAILED):
        if stop.vehicle_id is not None and stop.ended_s is not None:
            visits[stop.vehicle_id].append(stop)
    legs = []
    for vehicle_id, made in visits.items():
        out = day.vehicles[vehicle_id].out
        made.sort(key=lambda stop: stop.ended_s or 0)
        counts["visits reported"] += len(made)
        for one, other in pairwise(made):
            assert one.ended_s is not None
            depart_s, arrive_s = one.ended_s, other.started_s
            if arrive_s is None:
                counts["legs to a visit whose start was not reported"] += 1
            elif arrive_s - depart_s < LEAST_DRIVE_S:
                counts["legs shorter than 2 minutes"] += 1
            elif any(0 <= arrive_s - window.start_s < _AT_OPENING_S for window in other.stop.windows):
                counts["legs to a visit that began as its window opened"] += 1
            elif out is not None and depart_s <= out.effective_at_s <= arrive_s:
                counts["legs on which the vehicle was out of service"] += 1
            else:
                leg_id = f"{day.started.date} {vehicle_id}: {one.stop.id} to {other.stop.id}"
                legs.append(
                    _Leg(
                        leg_id=leg_id,
                        origin=one.stop.location,
                        destination=other.stop.location,
                        depart_s=depart_s,
                        arrive_s=arrive_s,
                    )
                )
    return legs, counts
