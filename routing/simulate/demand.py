"""Who asks for what: stops along the streets where people live, the fleet, and what only the truth knows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from routing.events.asked import AvailabilityStep, DayStop, DayVehicle
from routing.network.location import Location
from routing.network.profile import ROAD_CLASSES
from routing.network.road_network import ACCESS_THROUGH, RoadNetwork
from routing.problem.model import TimeWindow
from routing.simulate.draws import Draws, sigma_of
from routing.simulate.scenario import SIZES, WINDOWED_RATIO, WINDOWS_S, Scenario

OPEN_H = (8, 18)
"""Hours of the day within which customers have their windows."""
SHIFTS_H = ((7.5, 17.5), (7.5, 17.5), (7.5, 17.5), (10.0, 20.0))
"""Shifts of the vehicles, again and again."""
SPARE_CAPACITY = 1.25
"""What the fleet can carry, by what is asked for in the morning."""
MEAN_SERVICE_S = 300
SERVICE_CV = 0.15
"""Of services without a long tail."""
LONG_SIGMA = 0.4955
"""Logarithm's deviation where one service in twenty takes twice its mean: 1.645 sigma - sigma² / 2 = ln 2."""
LIVING = {"residential": 1.0, "living_street": 1.0, "tertiary": 0.5, "unclassified": 0.5, "secondary": 0.25}
"""How many customers live along a metre of street, by its class."""
PRIVATE_RATIO = 0.25
"""Share of the customers who may be away; parcel shops, offices and houses with a porter are not."""
AT_HOME = ((0, 10, 0.75), (10, 12, 0.68), (12, 15, 0.65), (15, 17, 0.72), (17, 24, 0.88))
"""From and until which hour somebody is at home, and how likely: with `PRIVATE_RATIO` some 8 of 100 visits fail
(OneRail, 2022), the shape by hour is an assumption after Florio, Feillet and Hartl (2018)."""
PICKUP_RATIO = 0.9
"""Share of the new orders that need no goods from the depot."""
ATTEMPTS = 4
"""So many visits of one stop have draws of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Hold a stop as it was asked for, with what is hidden until it happens."""

    stop: DayStop
    service_s: int
    """True duration at the door, without the walk to it."""
    home_draws: tuple[float, ...]
    """Somebody receives the n-th attempt where the n-th number lies below the chance of that time."""
    added_s: int | None = None
    """When it became known; None: before the day."""
    cancelled_s: int | None = None
    """When it became known that nobody wants it any more."""
    changed_s: int | None = None
    """When it became known that other windows hold."""
    new_windows: tuple[TimeWindow, ...] = ()
    swapped: bool = False
    """Whether its driver makes the next stop first."""

    def windows_at(self, instant_s: int) -> tuple[TimeWindow, ...]:
        """Return the windows that hold at an instant."""
        return self.stop.windows if self.changed_s is None or instant_s < self.changed_s else self.new_windows

    def is_home(self, attempt: int, instant_s: int) -> bool:
        """Tell whether somebody receives, at the n-th attempt (from 0)."""
        return self.home_draws[attempt % ATTEMPTS] < at_home_ratio(self.stop, instant_s)


def at_home_ratio(stop: DayStop, instant_s: int) -> float:
    """Return how likely somebody can receive at an instant."""
    return next((step.at_home_ratio for step in stop.availability if step.from_s <= instant_s < step.until_s), 1.0)


class Streets:
    """Draw places along the streets of a network, each metre as likely as its class says."""

    def __init__(self, network: RoadNetwork) -> None:
        by_class = np.array([LIVING.get(name, 0.0) for name in ROAD_CLASSES])
        weight = by_class[network.arc_class] * network.arc_length_mm
        weight[network.arc_access != ACCESS_THROUGH] = 0.0
        self._summed: NDArray[np.float64] = np.cumsum(weight)
        self._network = network

    def place(self, draws: Draws, entity: object) -> Location:
        """Return the place of an entity: a point on a street."""
        network, arc = self._network, draws.index(f"{entity} street", self._summed)
        first, last = int(network.shape_first[arc]), int(network.shape_first[arc + 1]) - 1
        piece = first + int(draws.uniform(f"{entity} piece") * (last - first))
        share = draws.uniform(f"{entity} along")
        lat, lon = network.shape_lat_deg, network.shape_lon_deg
        return Location(
            lat_deg=round(float(lat[piece] + share * (lat[piece + 1] - lat[piece])), 6),
            lon_deg=round(float(lon[piece] + share * (lon[piece + 1] - lon[piece])), 6),
        )


def customers(network: RoadNetwork, scenario: Scenario) -> tuple[Customer, ...]:
    """Return everybody who asks for a stop, before the day or during it."""
    streets, streams = Streets(network), scenario.streams
    morning = [_customer(streets, scenario, f"S{number:03}") for number in range(1, SIZES[scenario.size].stops + 1)]
    draws = Draws(seed=scenario.seed, stream="order")
    count = draws.poisson("count", streams.new_ratio * len(morning)) if streams.new_ratio else 0
    later = []
    for number in range(1, count + 1):
        one = _customer(streets, scenario, f"N{number:03}")
        known_s = scenario.at(draws.uniform(f"{number} known", 8, 14))
        windows: tuple[TimeWindow, ...] = ()
        if one.stop.windows:
            length_s = WINDOWS_S[scenario.windows] or 0
            latest_s = scenario.at(OPEN_H[1]) - length_s
            start_s = min(_half_hour(known_s + round(draws.uniform(f"{number} window", 3_600, 4 * 3_600))), latest_s)
            windows = (TimeWindow(start_s=start_s, end_s=start_s + length_s),)
        pickup = draws.uniform(f"{number} pickup") < PICKUP_RATIO
        stop = replace(one.stop, windows=windows, load=0 if pickup else one.stop.load)
        later.append(replace(one, stop=stop, added_s=known_s, cancelled_s=None, changed_s=None, new_windows=()))
    return (*morning, *later)


def fleet(scenario: Scenario, asked: Sequence[Customer], profile: str) -> tuple[DayVehicle, ...]:
    """Return vehicles that carry together somewhat more than is asked for in the morning."""
    count = SIZES[scenario.size].vehicles
    load = sum(each.stop.load for each in asked if each.added_s is None)
    capacity = -(-round(load * SPARE_CAPACITY) // count)
    return tuple(
        DayVehicle(
            id=f"VAN-{number + 1:02}",
            profile=profile,
            capacity=capacity,
            shift=TimeWindow(start_s=scenario.at(from_h), end_s=scenario.at(until_h)),
            start=scenario.depot,
            end=scenario.depot,
        )
        for number, (from_h, until_h) in enumerate(SHIFTS_H[each % len(SHIFTS_H)] for each in range(count))
    )


def _customer(streets: Streets, scenario: Scenario, stop_id: str) -> Customer:
    """Return a customer of the morning with what will become of the stop."""
    draws, streams = Draws(seed=scenario.seed, stream="stop"), scenario.streams
    hidden = Draws(seed=scenario.seed, stream="customer")
    mean_s = round(draws.lognormal(f"{stop_id} service", mean=MEAN_SERVICE_S, sigma=sigma_of(0.4)) / 60) * 60
    mean_s = min(max(mean_s, 120), 1_800)
    stop = DayStop(
        id=stop_id,
        location=streets.place(draws, stop_id),
        windows=_windows(draws, scenario, stop_id),
        service_s=mean_s,
        load=draws.chosen(f"{stop_id} load", (1, 2, 3, 4, 6), (40, 25, 15, 12, 8)),
        priority=draws.chosen(f"{stop_id} priority", (0, 10), (90, 10)),
        availability=_availability(draws, scenario, stop_id) if streams.absences else (),
    )
    sigma = LONG_SIGMA if streams.long_services else sigma_of(SERVICE_CV)
    one = Customer(
        stop=stop,
        service_s=round(hidden.lognormal(f"{stop_id} service", mean=mean_s, sigma=sigma)),
        home_draws=tuple(hidden.uniform(f"{stop_id} home {attempt}") for attempt in range(ATTEMPTS)),
        swapped=hidden.uniform(f"{stop_id} swapped") < streams.deviation_ratio,
    )
    if hidden.uniform(f"{stop_id} cancelled") < streams.cancelled_ratio:
        last_s = stop.windows[0].start_s if stop.windows else scenario.at(15)
        first_s = min(scenario.at(7.5), last_s - 1_800)
        return replace(one, cancelled_s=round(hidden.uniform(f"{stop_id} cancelled at", first_s, last_s)))
    if hidden.uniform(f"{stop_id} changed") < streams.window_changed_ratio:
        return _changed(hidden, scenario, one)
    return one


def _changed(hidden: Draws, scenario: Scenario, one: Customer) -> Customer:
    """Let a customer ask for another time, half an hour to three hours before the old one."""
    key = f"{one.stop.id} change"
    before_s = one.stop.windows[0].start_s if one.stop.windows else scenario.at(hidden.uniform(f"{key} at", 10, 15))
    known_s = before_s - round(hidden.uniform(f"{key} notice", 30, 180) * 60)
    length_s = WINDOWS_S[scenario.windows] or 7_200
    hours = hidden.chosen(f"{key} by", (-2, -1, 1, 2, 3), (1, 1, 2, 2, 1))
    start_s = max(before_s + hours * 3_600, _half_hour(known_s + 1_800))
    start_s = min(start_s, scenario.at(OPEN_H[1]) - length_s)
    return replace(one, changed_s=known_s, new_windows=(TimeWindow(start_s=start_s, end_s=start_s + length_s),))


def _windows(draws: Draws, scenario: Scenario, stop_id: str) -> tuple[TimeWindow, ...]:
    length_s = WINDOWS_S[scenario.windows]
    if length_s is None or draws.uniform(f"{stop_id} windowed") >= WINDOWED_RATIO:
        return ()
    first_h, last_h = OPEN_H[0], OPEN_H[1] - length_s // 3_600
    start_s = scenario.at(first_h + int(draws.uniform(f"{stop_id} window") * (last_h - first_h + 1)))
    return (TimeWindow(start_s=start_s, end_s=start_s + length_s),)


def _availability(draws: Draws, scenario: Scenario, stop_id: str) -> tuple[AvailabilityStep, ...]:
    if draws.uniform(f"{stop_id} private") >= PRIVATE_RATIO:
        return ()
    return tuple(
        AvailabilityStep(from_s=scenario.at(from_h), until_s=scenario.at(until_h), at_home_ratio=ratio)
        for from_h, until_h, ratio in AT_HOME
    )


def _half_hour(instant_s: int) -> int:
    return -(-instant_s // 1_800) * 1_800
