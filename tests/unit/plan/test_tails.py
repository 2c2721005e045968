"""Two routes that cross are uncrossed by one swap of their tails, where loads, windows and vehicles allow it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from routing.plan.engines.interface import Instance
from routing.plan.engines.route_data import route_data
from routing.plan.engines.route_state import (
    AFTER,
    BEFORE,
    UNITS_PER_CENT,
    Data,
    State,
    copy_all,
    empty_state,
    orders_of,
    refresh,
)
from routing.plan.engines.ruin import total_cost
from routing.plan.engines.tails import swap_tails

STREET = ((1, 0), (2, 0), (3, 0), (1, 10), (2, 10), (3, 10))
"""Two streets of three stops; the depot lies at (0, 5), and blocks are driven round: |x| + |y|."""
CROSSED = ((0, 4, 5), (3, 1, 2))
LIMIT = 1.0
TRIES = 200


def streets(**figures: object) -> Instance:
    """Return the six stops and two vehicles; a metre costs a cent and takes a second."""
    nodes = np.array([*STREET, *[(0, 5)] * 4])
    metres = np.abs(nodes[:, None] - nodes[None]).sum(axis=2)
    six, two = np.ones(6, np.int64), np.ones(2, np.int64)
    instance = Instance(
        origin_s=0,
        horizon_s=1_000,
        duration_s=metres,
        distance_m=metres,
        service_s=six,
        load=np.array([1, 1, 1, 2, 2, 2]),
        unserved_cents=six * 10_000,
        window_first=np.arange(7),
        window_start_s=six * 0,
        window_end_s=six * 500,
        late_allowed=np.zeros(6, np.bool_),
        allowed=np.ones((6, 2), np.bool_),
        toll_cents=np.zeros((6, 2), np.int64),
        follow_cents=six * 0,
        follow_node=six * -1,
        follow_vehicle=six * -1,
        fee_first=np.zeros(7, np.int64),
        fee_from_s=np.zeros(0, np.int64),
        fee_cents=np.zeros(0, np.int64),
        capacity=two * 6,
        start_first_s=two * 0,
        start_last_s=two * 900,
        end_s=two * 900,
        over_allowed=np.zeros(2, np.bool_),
        fixed_cents=two * 50,
        out=np.zeros(2, np.bool_),
        duty_cents_per_h=0,
        distance_cents_per_km=1_000,
        lateness_cents_per_min=0,
    )
    return replace(instance, **figures)


def built(data: Data, orders: tuple[tuple[int, ...], ...]) -> State:
    state = empty_state(data)
    for vehicle, order in enumerate(orders):
        path = (6 + vehicle, *order, 8 + vehicle)
        for before, after in pairwise(path):
            state.node[before, AFTER], state.node[after, BEFORE] = after, before
        assert refresh(data, state, vehicle)
    return state


def swapped(instance: Instance, orders: tuple[tuple[int, ...], ...]) -> tuple[set[tuple[int, ...]], float]:
    """Return the orders after a number of tries, and what they gained in cents."""
    data = route_data(instance)
    now, kept = built(data, orders), empty_state(data)
    copy_all(data, now, kept)
    before, gain, seed = total_cost(data, now), 0, np.array([7], np.uint64)
    for _ in range(TRIES):
        gain += swap_tails(data, now, kept, seed, LIMIT)
    assert before - gain == total_cost(data, now) == total_cost(data, kept)
    assert orders_of(data, now) == orders_of(data, kept)
    return set(orders_of(data, now)), gain / UNITS_PER_CENT


def test_crossed_routes_are_uncrossed() -> None:
    # the two legs across, 11 m each, become legs along the streets, 1 m each
    assert swapped(streets(), CROSSED) == ({(0, 1, 2), (3, 4, 5)}, 20)


def test_duty_is_part_of_the_gain() -> None:
    # 36 cents an hour are a hundredth of a cent a second: 20 s less are worth 0.2 cents more
    told, gain = swapped(streets(duty_cents_per_h=36), CROSSED)
    assert told == {(0, 1, 2), (3, 4, 5)}
    assert gain == pytest.approx(20.2)


def test_a_route_that_is_driven_on_as_the_tail_of_another_saves_its_vehicle() -> None:
    # back from (3, 0) and out to (1, 10) are 8 and 6 m, the leg between them 12 m; the vehicle costs 50 cents
    assert swapped(streets(capacity=np.array([9, 9])), ((0, 1, 2), (3, 4, 5))) == ({(0, 1, 2, 3, 4, 5), ()}, 52)


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param({"capacity": np.array([5, 5])}, id="the far street loads 6"),
        pytest.param(
            {"window_start_s": np.array([400, 0, 0, 0, 0, 0]), "window_end_s": np.array([500, 300, *[500] * 4])},
            id="the second stop closes before the first one opens",
        ),
        pytest.param({"allowed": np.array([[True, True]] * 4 + [[True, False]] * 2)}, id="allowed to one only"),
    ],
)
def test_what_does_not_fit_is_not_done(figures: dict[str, object]) -> None:
    told, gain = swapped(streets(**figures), CROSSED)
    assert told != {(0, 1, 2), (3, 4, 5)}
    assert gain <= 0


def test_vehicles_that_end_at_different_instants_do_not_swap() -> None:
    assert swapped(streets(end_s=np.array([900, 901])), CROSSED) == (set(CROSSED), 0)


def test_vehicles_of_other_sizes_swap_what_each_can_carry() -> None:
    assert swapped(streets(capacity=np.array([6, 7])), CROSSED) == ({(0, 1, 2), (3, 4, 5)}, 20)
    # the streets load 3 and 6: only the second vehicle can carry the far one
    assert swapped(streets(capacity=np.array([5, 8])), CROSSED) == ({(0, 1, 2), (3, 4, 5)}, 20)


def test_tolls_of_the_vehicles_are_part_of_the_gain() -> None:
    # stops 1 and 2 go to the first vehicle, 4 and 5 to the other one: 3 + 4 less 1 cents more
    tolls = np.array([[0, 0], [3, 0], [4, 0], [9, 9], [0, 0], [1, 0]])
    told, gain = swapped(streets(toll_cents=tolls), CROSSED)
    assert told == {(0, 1, 2), (3, 4, 5)}
    assert gain == pytest.approx(20 - 6)
