"""Draw problems on the tables of Porto: what VROOM can state, and what PyVRP can; the seed chooses size, mix and fleet.

The form of what is drawn stands in `constraints_asked`.
"""

from __future__ import annotations

import numpy as np

HOUR_S = 3_600
SIZES = (50, 80, 110, 150, 200)
SKILLS = ("cooling", "lift", "keys", "forklift")
VROOM_MIXES = (
    ("windows",),
    ("skills",),
    ("breaks",),
    ("shipments",),
    ("priorities",),
    ("loads", "returns"),
    ("ends",),
    ("windows", "skills", "breaks"),
    ("windows", "skills", "shipments"),
    ("shipments", "breaks", "priorities", "ends"),
    ("loads", "returns", "windows", "ends", "priorities"),
    ("windows", "skills", "breaks", "shipments", "priorities", "loads", "returns", "ends"),
)
PYVRP_MIXES = (
    ("reloads",),
    ("depots",),
    ("prizes",),
    ("reloads", "depots"),
    ("reloads", "prizes", "returns"),
    ("depots", "prizes", "loads"),
    ("reloads", "depots", "prizes", "durations"),
)
VROOM_COUNT, PYVRP_COUNT = 60, 20
FLEETS = ((16, 1.3), (24, 1.0), (36, 0.75))
"""Stops to a vehicle, and its capacity as a share of what its part of all loads is."""
ROOMY_FLEETS = ((16, 1.3), (22, 1.15))
"""The same beside PyVRP, which ends without any plan that holds where loads must fit to the last unit."""
STEP_CENTS = 400_000
"""What one stop more is worth: above what any detour to it costs, so that serving comes first."""
PART = 30
"""Beside PyVRP a cent is cut into thirty: then a metre costs one part and a second of duty as many as a cent has."""
MUST_CENTS = 30_000
"""What a stop is worth there that is to be served: about the duty of a whole day."""


def vroom_problem(number, places):
    """Return problem `number`: sizes, mixes and fleets go round with different strides."""
    mix, size = VROOM_MIXES[number % len(VROOM_MIXES)], SIZES[number // len(VROOM_MIXES) % len(SIZES)]
    rng = np.random.default_rng((1, number))
    fleet = FLEETS[(number + number // len(VROOM_MIXES)) % len(FLEETS)]
    asked = _drawn(f"vroom-{number:02}", mix, size, fleet, rng, places)
    for stop in asked["stops"]:
        # As VROOM has it: the sum of priorities first, then the count of stops, then the cost; priorities are tens.
        stop["unserved_cents"] = STEP_CENTS * (1 + stop["priority"] // 10 * size)
    for vehicle in asked["vehicles"]:
        vehicle |= {"unit_cents": 1, "fixed_cents": int(rng.choice([0, 600, 1_800]))}
    return asked | {"distance": "seconds", "duty_cents_per_h": 0}


def pyvrp_problem(number, places):
    """Return problem `number`; PyVRP has one window a stop, and pays duty as we do."""
    mix, size = PYVRP_MIXES[number % len(PYVRP_MIXES)], SIZES[number % len(SIZES)]
    rng = np.random.default_rng((2, number))
    fleet = ROOMY_FLEETS[(number + number // len(PYVRP_MIXES)) % len(ROOMY_FLEETS)]
    asked = _drawn(f"pyvrp-{number:02}", mix, size, fleet, rng, places)
    for stop in asked["stops"]:
        prized = "prizes" in mix and rng.random() < 0.6
        stop["unserved_cents"] = PART * (int(rng.integers(300, 2_000)) if prized else MUST_CENTS)
    for vehicle in asked["vehicles"]:
        vehicle |= {"unit_cents": 1, "fixed_cents": PART * 1_500}
    return asked | {"distance": "metres", "duty_cents_per_h": PART * HOUR_S}


def _drawn(name, mix, size, fleet, rng, places):
    hubs = 3 if "depots" in mix or "ends" in mix else 1
    count = max(2, round(size / fleet[0]))
    extra = 2 * count if "ends" in mix else 0
    chosen = rng.choice(places, size + hubs + extra, replace=False).tolist()
    stops = [_stop(number, number + hubs - 1, mix, rng) for number in range(1, size + 1)]
    shipments = _shipments(stops, rng) if "shipments" in mix else []
    vehicles = [_vehicle(number, hubs, mix, rng) for number in range(1, count + 1)]
    _capacities(stops, vehicles, fleet[1], mix)
    if "ends" in mix:
        _own_ends(vehicles, size + hubs, rng)
    return {
        "name": name,
        "mix": list(mix),
        "places": chosen,
        "dims": 2,
        "stops": stops,
        "shipments": shipments,
        "vehicles": vehicles,
        "depots": [{"id": f"D{hub}", "place": hub} for hub in range(hubs)],
    }


def _stop(number, place, mix, rng):
    starts = (8, 9, 10, 11, 13, 14, 15)
    begin_s = int(rng.choice(starts)) * HOUR_S
    windows = [[begin_s, begin_s + int(rng.choice([1, 2, 3])) * HOUR_S]]
    if "windows" in mix and rng.random() < 0.5:
        again_s = windows[0][1] + int(rng.choice([1, 2])) * HOUR_S
        windows.append([again_s, again_s + HOUR_S])
    elif rng.random() < 0.4:
        windows = [[8 * HOUR_S, 18 * HOUR_S]]
    load = [int(rng.integers(1, 6)), int(rng.integers(0, 4)) if "loads" in mix else 0]
    back = "returns" in mix and rng.random() < 0.3
    if back and rng.random() < 0.5:
        load = [0, 0]
    return {
        "id": f"S{number}",
        "place": place,
        "windows": windows,
        "service_s": int(rng.integers(2, 9)) * 60,
        "load": load,
        "pickup": [int(rng.integers(1, 6)), 0] if back else [0, 0],
        "skills": [str(rng.choice(SKILLS))] if "skills" in mix and rng.random() < 0.35 else [],
        "priority": int(rng.choice([0, 10, 50, 100])) if "priorities" in mix else 0,
    }


def _shipments(stops, rng):
    """Make shipments of some stops, two by two: half of all are of shipments, all of whose windows are long."""
    pairs = rng.permutation(len(stops))[: len(stops) // 4 * 2].reshape(-1, 2).tolist()
    shipments = []
    for number, (one, other) in enumerate(pairs, start=1):
        pickup, delivery = stops[one], stops[other]
        first_s = int(rng.choice([8, 9, 10, 12])) * HOUR_S
        pickup["windows"] = [[first_s, first_s + 4 * HOUR_S]]
        delivery["windows"] = [[first_s, first_s + 6 * HOUR_S]]
        amount = pickup["load"]
        for stop in (pickup, delivery):
            stop |= {"load": [0, 0], "pickup": [0, 0], "skills": pickup["skills"], "priority": pickup["priority"]}
        shipments.append({"id": f"P{number}", "pickup": pickup["id"], "delivery": delivery["id"], "amount": amount})
    return shipments


def _vehicle(number, hubs, mix, rng):
    hub = (number - 1) % hubs
    begin_s = int(rng.choice([7, 8, 9])) * HOUR_S
    breaks = []
    if "breaks" in mix:
        noon_s = int(rng.choice([11, 12])) * HOUR_S + 1_800
        breaks = [[noon_s, noon_s + 3_600, 1_800]]
        if rng.random() < 0.5:
            breaks = [[noon_s - 9_000, noon_s - 6_300, 900], *breaks]
    reloads = "reloads" in mix
    return {
        "id": f"V{number}",
        "start": hub,
        "end": hub,
        "shift": [begin_s, begin_s + 9 * HOUR_S],
        "skills": sorted(rng.choice(SKILLS, 2, replace=False).tolist()) if "skills" in mix else [],
        "breaks": breaks,
        "start_depot": f"D{hub}",
        "reload_depots": [f"D{each}" for each in range(hubs)] if reloads else [],
        "reloads_limit": 3 if reloads else None,
        "duration_limit_s": 7 * HOUR_S if "durations" in mix else None,
    }


def _capacities(stops, vehicles, share, mix):
    """Give each vehicle its share of all loads; where vehicles reload a trip holds about a third of them."""
    trips = 2.5 if "reloads" in mix else 1.0
    for dim in range(2):
        whole = sum(max(stop["load"][dim], stop["pickup"][dim]) for stop in stops)
        room = max(6, round(whole * share / len(vehicles) / trips))
        for vehicle in vehicles:
            vehicle.setdefault("capacity", []).append(room)


def _own_ends(vehicles, first, rng):
    """Let vehicles begin and end at homes of their own, or anywhere."""
    for number, vehicle in enumerate(vehicles):
        kind = int(rng.integers(0, 4))
        home, other = first + 2 * number, first + 2 * number + 1
        if kind == 1:
            vehicle |= {"start": home, "end": home}
        elif kind == 2:
            vehicle |= {"start": home, "end": other}
        elif kind == 3:
            vehicle |= {"end": None} if rng.random() < 0.7 else {"start": None}
