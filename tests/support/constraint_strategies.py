"""Small random problems that mix everything a fleet may ask for, each one valid.

What is drawn is which constraints are asked for, how many stops and vehicles there are, and a seed; so a failing case
shrinks to few constraints, and says which.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st
from small_problems import OffRoadTravel

from routing.network.location import Location
from routing.plan.verify.allowed import allowed, other_board, skills, territories
from routing.plan.verify.facts import Asked, Driven
from routing.problem.model import (
    Break,
    Depot,
    DrivingClocks,
    DrivingRules,
    FollowFee,
    Objective,
    Problem,
    Shipment,
    StartFee,
    Stop,
    TimeWindow,
    Vehicle,
)
from routing.travel.matrix import TravelMatrix

DAY_S = 20_000
WORDS = ("lift", "cool", "dog")
KINDS = ("food", "paint", "cloth")
TYPES = ("", "bike", "truck")
LOADS = ("cold", "dry")


@dataclass(slots=True)
class Draft:
    """Hold a problem that constraints are added to."""

    chance: Random
    stops: list[dict[str, Any]]
    vehicles: list[dict[str, Any]]
    problem: dict[str, Any] = field(default_factory=dict)
    objective: dict[str, int] = field(default_factory=dict)

    def some(self, parts: list[dict[str, Any]], share: float = 0.5) -> list[dict[str, Any]]:
        return [part for part in parts if self.chance.random() < share]

    def instant_s(self) -> int:
        return self.chance.randrange(DAY_S)

    def words(self, words: Collection[str], most: int) -> tuple[str, ...]:
        return tuple(self.chance.sample(sorted(words), self.chance.randint(0, most)))

    def vehicle_ids(self) -> list[str]:
        return [vehicle["id"] for vehicle in self.vehicles]

    def amounts(self, most: int) -> tuple[tuple[str, int], ...]:
        return tuple((name, self.chance.randint(0, most)) for name in LOADS if self.chance.random() < 0.6)

    def apart(self) -> list[dict[str, Any]]:
        """Return the stops that belong to no shipment."""
        both = {
            name for each in self.problem.get("shipments", ()) for name in (each.pickup_stop_id, each.delivery_stop_id)
        }
        return [stop for stop in self.stops if stop["id"] not in both]


def _windows(draft: Draft, share: float = 1.0) -> tuple[TimeWindow, ...]:
    count = draft.chance.choice([0, 1, 1, 2])
    edges = sorted(draft.chance.sample(range(DAY_S), 2 * count)) if draft.chance.random() < share else []
    return tuple(TimeWindow(start_s=a, end_s=b) for a, b in zip(edges[::2], edges[1::2], strict=True))


def windows(draft: Draft) -> None:
    for stop in draft.some(draft.stops, 0.8):
        stop["windows"] = _windows(draft)


def lateness(draft: Draft) -> None:
    for stop in draft.some(draft.stops):
        stop["lateness_allowed"] = True
        stop["lateness_cents_per_min"] = draft.chance.choice([None, 0, 7, 300])
        stop["lateness_limit_s"] = draft.chance.choice([None, 0, 600, 3_000])


def own_penalty(draft: Draft) -> None:
    for stop in draft.some(draft.stops):
        stop["unserved_cents"] = draft.chance.choice([0, 500, 50_000])


def allowed_vehicles(draft: Draft) -> None:
    for stop in draft.some(draft.stops, 0.4):
        stop["allowed_vehicles"] = draft.words(draft.vehicle_ids(), len(draft.vehicles))
    for stop in draft.some(draft.stops, 0.4):
        stop["forbidden_vehicles"] = draft.words(draft.vehicle_ids(), 1)


def skilled(draft: Draft) -> None:
    for vehicle in draft.vehicles:
        vehicle["skills"] = draft.words(WORDS, 3)
    for stop in draft.some(draft.stops):
        stop["skills_all"], stop["skills_one_of"] = draft.words(WORDS, 1), draft.words(WORDS, 2)
        free = set(WORDS) - {*stop["skills_all"], *stop["skills_one_of"]}
        stop["skills_none_of"] = draft.words(free, min(1, len(free)))


def drivers(draft: Draft) -> None:
    draft.objective["other_driver_cents"] = 400
    for vehicle in draft.vehicles:
        vehicle["driver"] = draft.chance.choice(["", "ann", "bob"])
    for stop in draft.some(draft.stops):
        stop["preferred_drivers"] = draft.words(("ann", "bob"), 2)


def at_home(draft: Draft) -> None:
    for vehicle in draft.some(draft.vehicles, 0.7):
        vehicle["territories"] = draft.words(("north", "south"), 2)
        vehicle["territory_fee_cents"] = draft.chance.choice([None, 0, 900])
    for stop in draft.stops:
        stop["territory"] = draft.chance.choice(["", "north", "south"])


def types(draft: Draft) -> None:
    for vehicle in draft.vehicles:
        vehicle["type"] = draft.chance.choice(TYPES)
    for stop in draft.some(draft.stops):
        stop["service_by_type"] = tuple((name, draft.chance.randrange(900)) for name in draft.words(TYPES, 2))


def setups(draft: Draft) -> None:
    for stop in draft.some(draft.stops, 0.7):
        stop["setup_s"] = draft.chance.choice([30, 300])


def walks(draft: Draft) -> None:
    for stop in draft.some(draft.stops):
        stop["walk_s"] = draft.chance.randrange(200)


def due(draft: Draft) -> None:
    for stop in draft.some(draft.stops):
        stop["due_s"] = draft.instant_s()


def fees(draft: Draft) -> None:
    for stop in draft.some(draft.stops):
        a, b = sorted(draft.chance.sample(range(DAY_S), 2))
        stop["start_fees"] = (StartFee(from_s=a, until_s=b, cents=draft.chance.randrange(2_000)),)
        stop["vehicle_fees"] = ((draft.chance.choice(draft.vehicle_ids()), draft.chance.randrange(2_000)),)
    for stop in draft.some(draft.stops, 0.3):
        others = [None, *(other["id"] for other in draft.stops if other is not stop)]
        after, vehicle_id = draft.chance.choice(others), draft.chance.choice(draft.vehicle_ids())
        stop["follow_fee"] = FollowFee(vehicle_id=vehicle_id, after_stop_id=after, cents=700)


def overtime(draft: Draft) -> None:
    for vehicle in draft.some(draft.vehicles, 0.7):
        vehicle["overtime_allowed"] = True
        vehicle["overtime_limit_s"] = draft.chance.choice([None, 0, 1_200])
        vehicle["overtime_cents_per_h"] = draft.chance.choice([None, 0, 9_000])


def start_fixed(draft: Draft) -> None:
    for vehicle in draft.some(draft.vehicles):
        vehicle["start_fixed"] = True


def used(draft: Draft) -> None:
    for vehicle in draft.some(draft.vehicles):
        vehicle["used"] = True


def open_start(draft: Draft) -> None:
    for vehicle in draft.some(draft.vehicles, 0.7):
        vehicle["open_start"] = True


def open_end(draft: Draft) -> None:
    for vehicle in draft.some(draft.vehicles, 0.7):
        vehicle["open_end"] = True


def limits(draft: Draft) -> None:
    for vehicle in draft.vehicles:
        vehicle["duration_limit_s"] = draft.chance.choice([None, 3_000, 8_000])
        vehicle["distance_limit_m"] = draft.chance.choice([None, 10_000, 30_000])
        vehicle["driving_limit_s"] = draft.chance.choice([None, 1_500, 5_000])
        vehicle["stops_limit"] = draft.chance.choice([None, 0, 1, 3])


def prices(draft: Draft) -> None:
    for vehicle in draft.vehicles:
        for name in ("vehicle_cents", "duty_cents_per_h", "distance_cents_per_km"):
            vehicle[name] = draft.chance.choice([None, 0, 50, 5_000])


def balance(draft: Draft) -> None:
    draft.objective["balance_cents_per_h2"] = 333


def loads(draft: Draft) -> None:
    for stop in draft.some(draft.apart()):
        stop["loads"] = draft.amounts(3)
    for vehicle in draft.vehicles:
        vehicle["capacities"] = draft.amounts(8)


def pickups(draft: Draft) -> None:
    for stop in draft.some(draft.apart()):
        stop["pickup_load"] = draft.chance.randint(0, 4)
        stop["load"] = draft.chance.choice([0, stop["load"]])
        stop["pickup_loads"] = draft.amounts(2) if "loads" in stop else ()


def on_board(draft: Draft) -> None:
    for stop in draft.some(draft.apart(), 0.4):
        stop["on_board"] = draft.chance.choice(draft.vehicle_ids())
    for vehicle in draft.some(draft.vehicles):
        vehicle["on_board_load"] = draft.chance.randint(0, 2)
        kept = {name: draft.chance.randint(0, units) for name, units in vehicle.get("capacities", ())}
        vehicle["on_board_loads"] = tuple(kept.items())


def release(draft: Draft) -> None:
    for stop in draft.some(draft.apart()):
        given = stop["load"] or any(units for _, units in stop.get("loads", ()))
        if given and "on_board" not in stop:
            stop["release_s"] = draft.instant_s() // 2


def shipments(draft: Draft) -> None:
    ids = [stop["id"] for stop in draft.stops]
    draft.chance.shuffle(ids)
    pairs = list(zip(ids[::2], ids[1::2], strict=False))[: draft.chance.randint(1, 4)]
    draft.problem["shipments"] = tuple(
        Shipment(id=f"X{a}", pickup_stop_id=a, delivery_stop_id=b, load=draft.chance.randint(0, 4)) for a, b in pairs
    )
    for stop in draft.stops:
        if any(stop["id"] in pair for pair in pairs):
            stop["load"] = 0


def shipped_loads(draft: Draft) -> None:
    given = draft.problem.get("shipments", ())
    draft.problem["shipments"] = tuple(replace(each, loads=draft.amounts(2)) for each in given)


def together(draft: Draft) -> None:
    for stop in draft.some(draft.apart(), 0.6):
        stop["together"] = draft.chance.choice(["", "g", "h"])


def goods(draft: Draft) -> None:
    draft.problem["incompatible_goods"] = (("food", "paint"),)
    draft.problem["required_goods"] = draft.chance.choice([(), (("cloth", "food"),), (("paint", "cloth"),)])
    deliveries = {each.delivery_stop_id for each in draft.problem.get("shipments", ())}
    for stop in draft.some(draft.stops, 0.7):
        if stop["id"] not in deliveries:
            stop["goods"] = draft.chance.choice(KINDS)


def unloading(draft: Draft) -> None:
    for vehicle in draft.vehicles:
        vehicle["lifo"] = draft.chance.random() < 0.5
        vehicle["pickups_last"] = draft.chance.random() < 0.5


def reloads(draft: Draft) -> None:
    draft.problem["depots"] = tuple(
        Depot(
            id=f"D{number}",
            place=draft.chance.randrange(len(draft.stops) + 2),
            windows=_windows(draft, 0.4),
            reload_s=draft.chance.randrange(600),
        )
        for number in range(draft.chance.randint(1, 2))
    )
    for vehicle in draft.some(draft.vehicles, 0.8):
        vehicle["reload_depots"] = draft.words([depot.id for depot in draft.problem["depots"]], 1) or ("D0",)
        vehicle["reloads_limit"] = draft.chance.choice([None, None, 0, 1])
        vehicle["capacity"] = draft.chance.randint(2, 7)


def stock(draft: Draft) -> None:
    held = (("cold", 4), ("dry", 9), ("load", draft.chance.randint(0, 12)))
    depots = draft.problem.get("depots") or (Depot(id="D0", place=0),)
    draft.problem["depots"] = (replace(depots[0], stock=held), *depots[1:])
    for vehicle in draft.some(draft.vehicles, 0.7):
        vehicle["start_depot"] = "D0"


def breaks(draft: Draft) -> None:
    for vehicle in draft.some(draft.vehicles, 0.8):
        found, now_s = [], vehicle["shift"].start_s
        for number in range(draft.chance.randint(1, 2)):
            open_s = now_s + draft.chance.randrange(5_000)
            close_s, length_s = open_s + draft.chance.randrange(3_000), draft.chance.randint(60, 1_800)
            found.append(Break(id=f"b{number}", window=TimeWindow(start_s=open_s, end_s=close_s), duration_s=length_s))
            now_s = close_s + length_s
        vehicle["breaks"] = tuple(found)


def driving_rules(draft: Draft) -> None:
    for vehicle in draft.some(draft.vehicles, 0.8):
        choice = draft.chance.choice
        vehicle["driving_rules"] = DrivingRules(
            driving_until_break_s=choice([None, 1_000, 2_500]),
            break_s=900,
            split_s=choice([None, (300, 600)]),
            driving_limit_s=choice([None, 6_000]),
            span_limit_s=choice([None, 9_000]),
            week_limit_s=choice([None, 7_000]),
            fortnight_limit_s=choice([None, 9_000]),
        )
        vehicle["driving_clocks"] = DrivingClocks(
            driving_since_break_s=choice([0, 900]),
            split_taken=vehicle["driving_rules"].split_s is not None and choice([True, False]),
            driving_today_s=choice([0, 1_000]),
            on_duty_since_s=choice([None, vehicle["shift"].start_s - 1_000]),
            driving_week_s=choice([0, 2_000]),
            driving_fortnight_s=choice([0, 5_000]),
        )


def profiles(draft: Draft) -> None:
    for vehicle in draft.vehicles:
        vehicle["profile"] = draft.chance.choice(["van", "bike"])
    draft.problem["profile_travel"] = (("bike", _travel(draft, 1)),)


def times_of_day(draft: Draft) -> None:
    draft.problem["travel"] = _travel(draft, 3)


FEATURES: Mapping[str, Callable[[Draft], None]] = {
    # In this order: what a stop of a shipment may not have comes after shipments, goods on board before releases.
    each.__name__: each
    for each in (
        *(windows, lateness, own_penalty, allowed_vehicles, skilled, drivers, at_home, types, setups, walks, due, fees),
        *(overtime, start_fixed, used, open_start, open_end, limits, prices, balance),
        *(shipments, loads, shipped_loads, pickups, on_board, release, together, goods, unloading, reloads, stock),
        *(breaks, driving_rules, profiles, times_of_day),
    )
}


def _travel(draft: Draft, slices: int) -> OffRoadTravel:
    size, rng = len(draft.stops) + 2, np.random.default_rng(draft.chance.randrange(2**32))
    duration_s = rng.integers(60, 1_500, (slices, size, size)).astype(np.int32)
    distance_m = rng.integers(100, 9_000, (slices, size, size)).astype(np.int32)
    reachable = rng.random((slices, size, size)) >= draft.chance.choice([0.0, 0.0, 0.05])
    for table in (duration_s, distance_m):
        table[:, np.arange(size), np.arange(size)] = 0
    reachable[:, np.arange(size), np.arange(size)] = True
    starts_s = np.sort(rng.choice(DAY_S, slices, replace=False)).astype(np.int64)
    matrix = TravelMatrix(duration_s=duration_s, distance_m=distance_m, reachable=reachable, slice_start_s=starts_s)
    return OffRoadTravel(matrix=matrix, off_road_m=tuple(draft.chance.choices([0.0, 99.6], [9, 1], k=size)))


def mixed_problem(features: Collection[str], count: int, fleet: int, seed: int, *, committed: bool = False) -> Problem:
    """Return the problem with these constraints, so many stops and vehicles, of a seed."""
    chance = Random(seed)
    stops: list[dict[str, Any]] = [
        {
            "id": f"S{number}",
            "place": chance.randrange(count + 2),
            "service_s": chance.randrange(600),
            "load": chance.randint(0, 4),
            "priority": chance.choice([0, 5, 100]),
        }
        for number in range(count)
    ]
    vehicles: list[dict[str, Any]] = []
    for number in range(fleet):
        from_s = chance.randrange(DAY_S // 4)
        vehicles.append(
            {
                "id": f"V{number}",
                "profile": "van",
                "capacity": chance.randint(2, 14),
                "shift": TimeWindow(start_s=from_s, end_s=from_s + chance.randrange(DAY_S // 8, DAY_S)),
                "start_place": chance.randrange(count + 2),
                "end_place": chance.randrange(count + 2),
            }
        )
    draft = Draft(chance, stops, vehicles)
    for name, add in FEATURES.items():
        if name in features:
            add(draft)
    given = {"travel": _travel(draft, 1), **draft.problem}
    problem = Problem(
        stops=tuple(Stop(**stop) for stop in stops),
        vehicles=tuple(Vehicle(**vehicle) for vehicle in vehicles),
        places=tuple(Location(lat_deg=0.0, lon_deg=float(place)) for place in range(count + 2)),
        objective=Objective(**draft.objective),
        **given,
    )
    return _with_committed(problem, chance) if committed else problem


def _with_committed(problem: Problem, chance: Random) -> Problem:
    """Commit a vehicle to a whole request or two that it may serve, and that miss no goods."""
    kinds = {stop.id: stop.goods for stop in problem.stops}
    free = [list(stop_ids) for stop_ids in requests(problem)]
    chance.shuffle(free)
    vehicles = []
    for vehicle in problem.vehicles:
        mine = [stop_ids for stop_ids in free if _may(problem, vehicle, stop_ids)][: chance.randint(0, 2)]
        here = {kinds[stop_id] for stop_ids in mine for stop_id in stop_ids}
        if any(kind in here and needed not in here for kind, needed in problem.required_goods):
            mine = []
        free = [stop_ids for stop_ids in free if stop_ids not in mine]
        vehicles.append(replace(vehicle, committed=tuple(stop_id for stop_ids in mine for stop_id in stop_ids)))
    return replace(problem, vehicles=tuple(vehicles))


def requests(problem: Problem) -> list[tuple[str, ...]]:
    """Return what is served whole or not at all: stops, groups of stops, and the two stops of shipments."""
    grouped: dict[str, list[str]] = {}
    for stop in problem.stops:
        grouped.setdefault(stop.together or stop.id, []).append(stop.id)
    for shipment in problem.shipments:
        del grouped[shipment.delivery_stop_id]
        grouped[shipment.pickup_stop_id] = [shipment.pickup_stop_id, shipment.delivery_stop_id]
    return [tuple(stop_ids) for stop_ids in grouped.values()]


def _may(problem: Problem, vehicle: Vehicle, stop_ids: list[str]) -> bool:
    asked = Asked(problem)
    halts: Any = tuple((None, asked.stops[stop_id]) for stop_id in stop_ids)
    driven = Driven(asked=asked, vehicle=vehicle, route=None, halts=halts)  # type: ignore[arg-type]
    return not any(any(rule(driven)) for rule in (allowed, other_board, skills, territories))


@st.composite
def mixed_problems(
    draw: st.DrawFn, *, most_stops: int = 8, most_features: int = 8, without: Collection[str] = ()
) -> Problem:
    """Draw a valid problem of up to so many stops that mixes up to so many constraints."""
    names = [name for name in FEATURES if name not in without]
    features = draw(st.lists(st.sampled_from(names), unique=True, max_size=most_features))
    count, fleet = draw(st.integers(3, most_stops)), draw(st.integers(1, 4))
    return mixed_problem(features, count, fleet, draw(st.integers(0, 2**32 - 1)), committed=draw(st.booleans()))
