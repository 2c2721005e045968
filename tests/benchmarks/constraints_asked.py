"""What is asked of every solver alike, as plain lists and numbers; and our problem made of it.

    places      indices in the tables of Porto; all else names places by their index in this list
    distance    `seconds` or `metres`: what a vehicle's price per unit is paid for
    dims        how many loads there are, one or two
    stops       id, place, windows [[from, until], …], service_s, load and pickup (a number for each dim), skills,
                priority, unserved_cents
    shipments   id, pickup and delivery (ids of stops), amount
    vehicles    id, start and end (None: open), capacity, shift, skills, breaks [[from, until, seconds], …],
                fixed_cents, unit_cents, start_depot, reload_depots, reloads_limit, duration_limit_s
    depots      id, place
    duty_cents_per_h

Times are seconds from midnight, closed at either end.
"""

from __future__ import annotations

import numpy as np

from routing import Location, Objective, Problem, Stop, TimeWindow, Vehicle
from routing.problem.model import Break, Depot, Shipment
from routing.problem.travel import MatrixTravel
from routing.travel.matrix import TravelMatrix

SECOND_LOAD = "crates"


def tables_of(asked, tables):
    """Return what a problem's legs take in seconds, and the units that are paid for, k x k each."""
    pairs = np.ix_(asked["places"], asked["places"])
    duration_s = np.ascontiguousarray(tables[0][pairs])
    return duration_s, duration_s if asked["distance"] == "seconds" else np.ascontiguousarray(tables[1][pairs])


def problem_of(asked, tables):
    """Return our problem; units that are paid for are its metres."""
    duration_s, units = tables_of(asked, tables)
    return Problem(
        stops=tuple(_stop(stop) for stop in asked["stops"]),
        vehicles=tuple(_vehicle(vehicle) for vehicle in asked["vehicles"]),
        places=(Location(lat_deg=0.0, lon_deg=0.0),) * len(asked["places"]),
        travel=MatrixTravel(
            matrix=TravelMatrix(
                duration_s=duration_s,
                distance_m=units,
                reachable=np.ones(units.shape, np.bool_),
                slice_start_s=np.zeros(1, np.int64),
            )
        ),
        objective=Objective(duty_cents_per_h=asked["duty_cents_per_h"], distance_cents_per_km=0, vehicle_cents=0),
        access_walk=None,
        depots=tuple(Depot(id=depot["id"], place=depot["place"]) for depot in asked["depots"]),
        shipments=tuple(_shipment(shipment) for shipment in asked["shipments"]),
    )


def _window(pair):
    return TimeWindow(start_s=pair[0], end_s=pair[1])


def _further(amounts):
    return tuple((SECOND_LOAD, amount) for amount in amounts[1:] if amount)


def _stop(stop):
    return Stop(
        id=stop["id"],
        place=stop["place"],
        windows=tuple(map(_window, stop["windows"])),
        service_s=stop["service_s"],
        load=stop["load"][0],
        loads=_further(stop["load"]),
        pickup_load=stop["pickup"][0],
        pickup_loads=_further(stop["pickup"]),
        skills_all=tuple(stop["skills"]),
        priority=stop["priority"],
        unserved_cents=stop["unserved_cents"],
    )


def _shipment(shipment):
    return Shipment(
        id=shipment["id"],
        pickup_stop_id=shipment["pickup"],
        delivery_stop_id=shipment["delivery"],
        load=shipment["amount"][0],
        loads=_further(shipment["amount"]),
    )


def _vehicle(vehicle):
    start, end = vehicle["start"], vehicle["end"]
    return Vehicle(
        id=vehicle["id"],
        profile="car",
        capacity=vehicle["capacity"][0],
        capacities=_further(vehicle["capacity"]),
        shift=_window(vehicle["shift"]),
        start_place=end if start is None else start,
        end_place=start if end is None else end,
        open_start=start is None,
        open_end=end is None,
        skills=tuple(vehicle["skills"]),
        breaks=tuple(
            Break(id=f"{vehicle['id']}-{number}", window=TimeWindow(start_s=opens, end_s=closes), duration_s=seconds)
            for number, (opens, closes, seconds) in enumerate(vehicle["breaks"], start=1)
        ),
        vehicle_cents=vehicle["fixed_cents"],
        distance_cents_per_km=1_000 * vehicle["unit_cents"],
        start_depot=vehicle["start_depot"],
        reload_depots=tuple(vehicle["reload_depots"]),
        reloads_limit=vehicle["reloads_limit"],
        duration_limit_s=vehicle["duration_limit_s"],
    )
