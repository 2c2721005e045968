import math

import numpy as np
import pytest
from ascii_map import STEP_DEG, arc_letters, build

from routing.network.location import ARC_UNITS, Location
from routing.network.snap import snap

ROAD = {"highway": "residential"}
ONEWAY = {**ROAD, "oneway": "yes"}
YARD = {**ROAD, "access": "destination"}
CROSS = """
    n
    |
w---x---e
    |
    s
"""
ARMS = {"wx": ROAD, "xe": ROAD, "nx": ROAD, "xs": ROAD}


def _at(row, column, heading_deg=None):
    """Return a location at a place of the drawing, in steps of 100 m."""
    return Location(lat_deg=-row * STEP_DEG, lon_deg=column * STEP_DEG, heading_deg=heading_deg)


def _offers(network, snapped, row=0):
    """Return position by arc (in hundredths of the arc) for leaving and for arriving."""
    names = arc_letters(network)
    sides = []
    for first, arcs, positions in (
        (snapped.leave_first, snapped.leave_arc, snapped.leave_position),
        (snapped.arrive_first, snapped.arrive_arc, snapped.arrive_position),
    ):
        part = slice(first[row], first[row + 1])
        shares = [round(100 * position / ARC_UNITS) for position in positions[part].tolist()]
        sides.append(list(zip([names[arc] for arc in arcs[part]], shares, strict=True)))
    return sides


def test_projection_onto_the_segment_in_both_directions(tmp_path):
    network = build(tmp_path, CROSS, ARMS)
    # 40 m below the road from x (column 4) to e (column 8), 100 m from x, of 400 m: a quarter
    snapped = snap(network, [_at(2.4, 5)])
    leave, arrive = _offers(network, snapped)
    assert leave == arrive == [("xe", 25), ("ex", 75)]
    assert snapped.distance_m[0] == pytest.approx(40, abs=0.01)
    assert (snapped.lat_deg[0], snapped.lon_deg[0]) == pytest.approx((-2 * STEP_DEG, 5 * STEP_DEG), abs=1e-7)
    assert snapped.usable.tolist() == [True]


def test_the_nearest_road_and_not_the_nearest_corner(tmp_path):
    # 90 m from the middle of w-x, whose ends are further away than n
    drawing = """
n
|
m
w-------------------x
"""
    network = build(tmp_path, drawing, {"nmw": ROAD, "wx": ROAD})
    leave, _ = _offers(network, snap(network, [_at(2.1, 10)]))
    assert leave == [("wx", 50), ("xw", 50)]


def test_positions_go_by_length_not_by_points(tmp_path):
    network = build(tmp_path, "a-bcd---------e", {"abcde": ROAD})
    # a to e is 1400 m, with points at 200, 300 and 400 m; 700 m from a is half
    leave, _ = _offers(network, snap(network, [_at(0.1, 7)]))
    assert leave == [("abcde", 50), ("edcba", 50)]


def test_beyond_the_end_of_a_road_its_end_counts(tmp_path):
    network = build(tmp_path, CROSS, ARMS)
    snapped = snap(network, [_at(2, 9)])
    leave, _ = _offers(network, snapped)
    assert leave == [("xe", 100), ("ex", 0)]
    assert snapped.leave_position.tolist() == [ARC_UNITS, 0]
    assert snapped.distance_m[0] == pytest.approx(100, abs=0.01)


def test_a_oneway_road_offers_its_one_direction(tmp_path):
    drawing = """
a---b
|   |
d---c
"""
    network = build(tmp_path, drawing, {"abcda": ONEWAY})
    leave, arrive = _offers(network, snap(network, [_at(-0.2, 1)]))
    assert leave == arrive == [("abc", 17)]  # 100 m of 400 + 200 m


def test_a_restricted_road_is_left_by_its_exits_and_arrived_at_by_all_copies(tmp_path):
    drawing = """
a---b---c
|   |   |
d---e---f
"""
    network = build(tmp_path, drawing, {"abc": ROAD, "adefc": ROAD, "be": YARD})
    leave, arrive = _offers(network, snap(network, [_at(1, 4.1)]))
    assert leave == [("be", 50), ("eb", 50)]
    assert arrive == [("be", 50), ("be", 50), ("eb", 50), ("eb", 50)]


def test_an_island_is_never_chosen(tmp_path):
    drawing = """
a---b

x---y
"""
    network = build(tmp_path, drawing, {"ab": ROAD, "xy": {**ROAD, "oneway": "yes"}})
    leave, _ = _offers(network, snap(network, [_at(1.9, 2)]))
    assert {arc for arc, _ in leave} == {"ab", "ba"}


def test_beyond_the_radius_the_distance_is_still_told(tmp_path):
    network = build(tmp_path, CROSS, ARMS)
    snapped = snap(network, [_at(2, 11.5), _at(2, 10), Location(lat_deg=45.0, lon_deg=0.0)])
    assert snapped.usable.tolist() == [False, True, False]
    assert snapped.distance_m[0] == pytest.approx(350, abs=0.01)
    # a quarter of the way round the earth's half: 45 degrees of 6,371,008.8 m x pi / 180, less the drawing
    assert snapped.distance_m[2] == pytest.approx(math.radians(45) * 6_371_008.8, rel=1e-3)
    assert np.diff(snapped.leave_first).tolist() == [0, 2, 0]
    assert snap(network, [_at(2, 11.5)], radius_m=400).usable.tolist() == [True]


@pytest.mark.parametrize(
    ("heading_deg", "arcs"), [(90, {"xe"}), (271, {"ex"}), (30, {"xe"}), (-80, {"ex"}), (0, {"xe", "ex"})]
)
def test_a_heading_keeps_the_arcs_driven_that_way(tmp_path, heading_deg, arcs):
    network = build(tmp_path, CROSS, ARMS)
    leave, arrive = _offers(network, snap(network, [_at(2.2, 6, heading_deg)]))
    assert {arc for arc, _ in leave} == {arc for arc, _ in arrive} == arcs


def test_a_heading_against_the_nearest_road_takes_the_next_that_fits(tmp_path):
    drawing = """
a---b
|   |
d---c
"""
    network = build(tmp_path, drawing, {"abcda": ONEWAY})
    # beside a-b (eastward), driving west: c-d, 1.8 steps further down, is driven westward
    snapped = snap(network, [_at(0.2, 2, 270), _at(0.2, 2, 90)])
    leave, _ = _offers(network, snapped)
    assert [arc for arc, _ in leave] == ["cda"]
    assert snapped.distance_m.tolist() == pytest.approx([180, 20], abs=0.01)


def test_a_heading_that_no_road_within_the_radius_has(tmp_path):
    drawing = """
a---------b
|         |
|         |
|         |
|         |
d---------c
"""
    network = build(tmp_path, drawing, {"abcda": ONEWAY})
    snapped = snap(network, [_at(0.1, 5, 270)])
    assert snapped.usable.tolist() == [False]
    assert snapped.distance_m[0] == pytest.approx(10, abs=0.01)


def test_no_locations(tmp_path):
    snapped = snap(build(tmp_path, CROSS, ARMS), [])
    assert len(snapped) == 0
    assert snapped.leave_first.tolist() == [0]
