"""Problems of benchmark instances: whole numbers without loss, prices in their order, vehicles enough and no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from routing.errors import InputError
from routing.feeds.vrplib_instance import VrpInstance, point_weights, rounded_decimals
from routing.feeds.vrplib_options import Aim, Rounding
from routing.feeds.vrplib_problem import vrp_problem
from routing.problem.validate import validate


def instance(points, rounding=Rounding.DIMACS, **changes):
    """Return an instance of points, the depot first, that asks for one unit each at any time to 1,000."""
    x, y = np.array(points, np.float64).T
    count = len(points)
    fields = {
        "name": "t",
        "kind": "VRPTW",
        "rounding": rounding.value,
        "capacity": 10,
        "vehicles": None,
        "weight": point_weights(x, y, rounding),
        "decimals": rounded_decimals(rounding),
        "demand": np.array([0] + [1] * (count - 1)),
        "service": np.zeros(count),
        "window_start": np.zeros(count),
        "window_end": np.full(count, 1000.0),
    }
    return VrpInstance(**{**fields, **changes})


POINTS = [(0, 0), (1, 1), (3, 0)]


def test_tenths_become_whole_numbers():
    asked = vrp_problem(
        instance(POINTS, service=np.array([0, 1.5, 2]), window_start=np.array([0, 0.5, 0])), Aim.DISTANCE
    )
    assert validate(asked.problem) == ()
    assert asked.scale == 10
    # 1.4, 3 and 2.2
    assert asked.problem.travel.matrix.distance_m.tolist() == [[0, 14, 30], [14, 0, 22], [30, 22, 0]]
    assert asked.problem.travel.matrix.duration_s.tolist() == [[0, 14, 30], [14, 0, 22], [30, 22, 0]]
    assert [stop.service_s for stop in asked.problem.stops] == [15, 20]
    # no route ends after 3 + 2.2 + 3 of driving, 3.5 of service and the last opening at 0.5: later ends say no more
    assert [(each.start_s, each.end_s) for stop in asked.problem.stops for each in stop.windows] == [(5, 123), (0, 123)]
    assert [stop.id for stop in asked.problem.stops] == ["1", "2"]


def test_doubles_are_driven_no_quicker_than_they_are():
    matrix = vrp_problem(instance(POINTS, Rounding.DOUBLE), Aim.DISTANCE).problem.travel.matrix
    # 1.41421356 and 2.23606798 in ten thousandths: the length to the nearest, the time up
    assert matrix.distance_m[0].tolist() == [0, 14142, 30000]
    assert matrix.duration_s[0].tolist() == [0, 14143, 30000]
    assert matrix.duration_s[1, 2] == 22361


def test_a_thousand_stops_far_apart_are_cut_less_finely():
    rng = np.random.default_rng(1)
    large = instance(rng.integers(0, 500, (1001, 2)), Rounding.DOUBLE)
    for aim in Aim:
        asked = vrp_problem(large, aim)
        prices = asked.problem.objective
        assert asked.scale in (100, 1000)
        assert 1000 * (prices.unserved_cents + prices.vehicle_cents) <= 10**12


def test_no_distance_is_worth_a_vehicle_and_no_vehicle_a_stop():
    prices = vrp_problem(instance(POINTS), Aim.VEHICLES).problem.objective
    # each of the three places drives on at most 30, 22 or 30 tenths
    assert prices.vehicle_cents > 82
    assert prices.unserved_cents > prices.vehicle_cents + 82
    assert (prices.duty_cents_per_h, prices.distance_cents_per_km) == (0, 1000)
    alone = vrp_problem(instance(POINTS), Aim.DISTANCE).problem.objective
    assert (alone.vehicle_cents, alone.unserved_cents > 82) == (0, True)


def test_a_limit_of_length_is_a_shift():
    bounded = instance(POINTS, longest=6.5, window_end=np.full(3, np.inf))
    (shift,) = {vehicle.shift for vehicle in vrp_problem(bounded, Aim.DISTANCE).problem.vehicles}
    assert (shift.start_s, shift.end_s) == (0, 65)


def test_as_many_vehicles_as_a_simple_plan_needs_and_some():
    # forty stops of one unit, ten to a vehicle: four, a quarter more and two
    many = instance([(0, 0), *((k % 7, k % 5) for k in range(40))])
    assert len(vrp_problem(many, Aim.DISTANCE).problem.vehicles) == 7
    assert len(vrp_problem(replace(many, vehicles=4), Aim.DISTANCE).problem.vehicles) == 4
    # two sides, twenty apart, that all close at 12: no vehicle sees both
    sides = [(0, 0), *((10 * (k % 2 * 2 - 1), 0) for k in range(6))]
    apart = instance(sides, window_end=np.array([1e3, *[12.0] * 6]))
    assert len(vrp_problem(apart, Aim.DISTANCE).problem.vehicles) == 4


def test_numbers_too_large_are_refused():
    far = instance([(0, 0), (1e9, 0), (0, 3e9)])
    with pytest.raises(InputError) as caught:
        vrp_problem(far, Aim.DISTANCE)
    assert [issue.code for issue in caught.value.issues] == ["NUMBERS_TOO_LARGE"]
