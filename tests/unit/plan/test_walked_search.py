"""What the search in walked routes makes of vehicles that are dear: as few as can be, and all served."""

from __future__ import annotations

import numpy as np
from small_problems import line_problem, van

from routing.plan.engines.walk_data import CLOSED
from routing.plan.engines.walk_search import WalkedSearch
from routing.plan.engines.walk_state import ROUTE
from routing.plan.instance import build_instance
from routing.plan.schedule import Clock
from routing.problem.model import Problem, Stop

LOADS = (5, 4, 3, 3, 6, 7, 2, 5, 8, 4, 6, 7)
"""60 in all: six vehicles of 10 are full to the brim, in pairs and a few threes."""


def _searched(problem: Problem, chunks: int) -> WalkedSearch:
    instance = build_instance(Clock(problem), problem.stops, {each.id: () for each in problem.vehicles}, ())
    assert instance.rules is not None
    nobody = tuple(() for _ in problem.vehicles)
    search = WalkedSearch(instance, instance.rules, nobody, np.array([12345], np.uint64))
    for chunk in range(chunks):
        search.iterate(search.unit * 5 * 0.002 ** (chunk / chunks), 50)
    return search


def _packed(vehicle_cents: int) -> Problem:
    stops = [
        Stop(id=f"S{index}", place=1 + index % 4, load=load, setup_s=60, unserved_cents=10_000_000)
        for index, load in enumerate(LOADS)
    ]
    fleet = [van(id=f"V{index}", vehicle_cents=vehicle_cents) for index in range(len(LOADS))]
    return line_problem(stops, fleet)


def test_the_fewest_vehicles_serve_all_where_they_are_dear() -> None:
    search = _searched(_packed(1_000_000), 60)
    assert search.unserved() == 0
    assert sum(1 for order in search.orders() if order) == 6


def test_a_route_is_emptied_while_it_is_hot_and_the_best_orders_are_kept() -> None:
    search = _searched(_packed(1_000_000), 1)
    search.iterate(search.unit * 5, 0)
    assert (search.now.where[:, ROUTE] < 0).any()
    assert search.data.fleet[:, CLOSED].any()
    assert search.unserved() == 0
    search.iterate(search.unit * 0.1, 0)
    assert (search.now.where[:, ROUTE] >= 0).all()
    assert not search.data.fleet[:, CLOSED].any()


def test_no_route_is_emptied_where_vehicles_are_not_dear() -> None:
    search = _searched(_packed(3_000), 1)
    search.iterate(search.unit * 5, 0)
    assert search.unserved() == 0
    assert not search.data.fleet[:, CLOSED].any()
