from __future__ import annotations

from dataclasses import replace

import numpy as np
from small_problems import line_travel

from routing.problem.travel import MatrixTravel
from routing.travel.matrix import LegTime


def test_one_slice_is_the_table_at_any_time() -> None:
    travel = line_travel()
    assert travel.leg(1, 4, -50) == travel.leg(1, 4, 10**9) == LegTime(600, 6000)


def test_a_drive_across_slices_goes_on_at_the_new_speed() -> None:
    # 7 km at 100 s/km from 9,900: one km until 10,000, then 6 km at 300 s/km
    assert line_travel(factors=(1, 3)).leg(0, 4, 9_900) == LegTime(100 + 1_800, 7000)


def test_a_part_of_a_second_is_rounded_up_once() -> None:
    # 1 km from 9,950: half of it in 50 s, the other half at 201 s/km takes 100.5 s
    travel = line_travel(factors=(1, 2))
    duration_s = travel.matrix.duration_s.copy()
    duration_s[1, 0, 1] = 201
    travel = MatrixTravel(matrix=replace(travel.matrix, duration_s=duration_s))
    assert travel.leg(0, 1, 9_950) == LegTime(151, 1000)


def test_a_closed_slice_is_waited_out() -> None:
    travel = line_travel(factors=(1, 1, 1))
    reachable = travel.matrix.reachable.copy()
    reachable[1, 0, 4] = False
    travel = MatrixTravel(matrix=replace(travel.matrix, reachable=reachable))
    # 100 s = 1 km before the closure at 10,000; 6 km after it ends at 20,000
    assert travel.leg(0, 4, 9_900) == LegTime(100 + 10_000 + 600, 7000)


def test_no_road_is_no_leg() -> None:
    assert line_travel(cut_off=(4,)).leg(0, 4, 0) is None
    assert np.array_equal(line_travel().usable, [True] * 5)
