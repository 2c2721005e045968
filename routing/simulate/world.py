"""The world of a scenario: what truly is, and what becomes known of it when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from routing.events.asked import DayVehicle
from routing.events.types import Event, StopAdded, StopCancelled, WindowChanged
from routing.network.road_network import RoadNetwork
from routing.problem.access_walk import AccessWalk
from routing.simulate.demand import Customer, customers, fleet
from routing.simulate.draws import Draws
from routing.simulate.roads_news import roads_truth
from routing.simulate.scenario import Scenario
from routing.simulate.truth import TrueRoads, true_metric
from routing.travel.conditions import Condition
from routing.travel.metric import Metric

BREAKDOWNS_H = (9.0, 15.0)
REPORTED_MIN = (2.0, 10.0)
"""How long after a breakdown the dispatcher knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """Hold when a vehicle breaks down for good, and when that is reported."""

    at_s: int
    known_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Hold a day's truth; nobody who plans may see anything of it but `vehicles`, the morning's stops and the news."""

    scenario: Scenario
    customers: Mapping[str, Customer]
    vehicles: tuple[DayVehicle, ...]
    breakdowns: Mapping[str, Breakdown]
    conditions: tuple[Condition, ...]
    news: tuple[Event, ...]
    """Of customers and roads, in the order in which it becomes known."""
    roads: TrueRoads
    access_walk: AccessWalk

    def stay_s(self, customer: Customer) -> int:
        """Return how long a visit that is not in vain truly takes, with the walk to the door."""
        return customer.service_s + self.access_walk.added_s(self.roads.walk_m(customer.stop.location))


def make_world(network: RoadNetwork, base: Metric, scenario: Scenario) -> World:
    """Return the world of a scenario on a network, with the speeds that everybody expects."""
    asked = customers(network, scenario)
    roads = roads_truth(network, scenario)
    metric = true_metric(network, base, roads.conditions, seed=scenario.seed)
    places = [scenario.depot, *(each.stop.location for each in asked)]
    vehicles = fleet(scenario, asked, network.profile.name)
    news = sorted((*roads.news, *_customer_news(asked)), key=lambda event: event.known_at_s)
    return World(
        scenario=scenario,
        customers={each.stop.id: each for each in asked},
        vehicles=vehicles,
        breakdowns=_breakdowns(scenario, vehicles),
        conditions=roads.conditions,
        news=tuple(news),
        roads=TrueRoads(network, metric, places),
        access_walk=AccessWalk(),
    )


def _customer_news(asked: tuple[Customer, ...]) -> list[Event]:
    news: list[Event] = []
    for each in asked:
        stop_id = each.stop.id
        if each.added_s is not None:
            known_s = each.added_s
            news.append(StopAdded(id=f"added-{stop_id}", known_at_s=known_s, effective_at_s=known_s, stop=each.stop))
        if each.cancelled_s is not None:
            known_s = each.cancelled_s
            news.append(
                StopCancelled(id=f"cancelled-{stop_id}", known_at_s=known_s, effective_at_s=known_s, stop_id=stop_id)
            )
        if each.changed_s is not None:
            known_s = each.changed_s
            news.append(
                WindowChanged(
                    id=f"changed-{stop_id}",
                    known_at_s=known_s,
                    effective_at_s=known_s,
                    stop_id=stop_id,
                    windows=each.new_windows,
                )
            )
    return news


def _breakdowns(scenario: Scenario, vehicles: tuple[DayVehicle, ...]) -> dict[str, Breakdown]:
    draws, streams = Draws(seed=scenario.seed, stream="breakdown"), scenario.streams
    ranked = sorted(vehicles, key=lambda vehicle: draws.uniform(vehicle.id))
    broken = {
        vehicle.id
        for number, vehicle in enumerate(ranked)
        if number < streams.certain_breakdowns or draws.uniform(vehicle.id) < streams.breakdown_ratio
    }
    found = {}
    for vehicle in vehicles:
        if vehicle.id in broken:
            at_s = scenario.at(draws.uniform(f"{vehicle.id} at", *BREAKDOWNS_H))
            known_s = at_s + round(draws.uniform(f"{vehicle.id} known", *REPORTED_MIN) * 60)
            found[vehicle.id] = Breakdown(at_s=at_s, known_s=known_s)
    return found
