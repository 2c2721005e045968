"""On which side of the vehicle a place lies when it arrives."""

from dataclasses import replace

import pytest
from ascii_map import STEP_DEG, arc_letters, build

from routing.errors import InputError
from routing.network.location import Location
from routing.network.snap import snap

ROAD = {"highway": "residential"}
ONEWAY = {**ROAD, "oneway": "yes"}
BLOCK = """
a---b
|   |
d---c
"""
"""A block of 400 m by 200 m; 2 rows are 200 m."""


def _at(row, column, approach):
    return Location(lat_deg=-row * STEP_DEG, lon_deg=column * STEP_DEG, approach=approach)


def _arcs(network, *places):
    """Return the letters of the arcs on which each place is arrived at; it is left on the same ones."""
    snapped, names = snap(network, list(places)), arc_letters(network)
    found = []
    for place in range(len(places)):
        arrive = snapped.arrive_arc[snapped.arrive_first[place] : snapped.arrive_first[place + 1]]
        leave = snapped.leave_arc[snapped.leave_first[place] : snapped.leave_first[place + 1]]
        assert set(leave) == set(arrive)
        found.append({names[arc] for arc in arrive})
    return found


@pytest.mark.parametrize(
    ("row", "approach", "arcs"),
    [
        # 20 m north of a-b (row 0): driving east it is on the left, driving west on the right
        (-0.2, "either", {"ab", "ba"}),
        (-0.2, "right", {"ba"}),
        (-0.2, "left", {"ab"}),
        (-0.2, "curb", {"ba"}),
        # 20 m south of it the other way round
        (0.2, "right", {"ab"}),
        (0.2, "left", {"ba"}),
        (0.2, "curb", {"ab"}),
        # half a metre off the line a place has no side
        (0.005, "right", {"ab", "ba"}),
    ],
)
def test_the_side_of_a_two_way_street(tmp_path, row, approach, arcs):
    network = build(tmp_path, BLOCK, {"ab": ROAD, "bc": ROAD, "cd": ROAD, "da": ROAD})
    assert _arcs(network, _at(row, 2, approach)) == [arcs]


def test_where_the_country_drives_on_the_left_only_the_curb_changes(tmp_path):
    network = build(tmp_path, BLOCK, {"ab": ROAD, "bc": ROAD, "cd": ROAD, "da": ROAD})
    mirrored = replace(network, drives_on_left=True)
    places = [_at(-0.2, 2, approach) for approach in ("right", "left", "curb")]
    assert _arcs(network, *places) == [{"ba"}, {"ab"}, {"ba"}]
    assert _arcs(mirrored, *places) == [{"ba"}, {"ab"}, {"ab"}]


def test_a_one_way_road_serves_the_curb_from_both_sides_but_a_door_only_from_its_own(tmp_path):
    # a to b eastward, then back westward by c and d: the inside of the block lies to the right all the way round
    network = build(tmp_path, BLOCK, {"abcda": ONEWAY})
    inside, outside = 0.2, -0.2
    assert _arcs(network, _at(inside, 2, "curb"), _at(outside, 2, "curb")) == [{"abc"}, {"abc"}]
    assert _arcs(network, _at(inside, 2, "right"), _at(inside, 2, "left")) == [{"abc"}, set()]
    assert _arcs(network, _at(outside, 2, "left"), _at(outside, 2, "right")) == [{"abc"}, set()]


def test_where_the_nearest_road_has_not_the_side_the_next_one_does(tmp_path):
    drawing = """
a---b
d---c
"""
    # two one-way roads 100 m apart, east and back west; 30 m below a-b one is right of it, and right of c-d too
    network = build(tmp_path, drawing, {"ab": ONEWAY, "bc": ROAD, "cd": ROAD, "da": ROAD})
    assert _arcs(network, _at(0.3, 2, "right")) == [{"ab"}]
    # left of a-b it never is; 70 m further down the two-way c-d has it left when driven west to east
    snapped = snap(network, [_at(0.3, 2, "left")])
    assert _arcs(network, _at(0.3, 2, "left")) == [{"dc"}]
    assert snapped.distance_m[0] == pytest.approx(70, abs=0.1)


def test_a_side_that_cannot_be_had_leaves_the_nearest_distance(tmp_path):
    network = build(tmp_path, BLOCK, {"abcda": ONEWAY})
    snapped = snap(network, [_at(-0.2, 2, "right")])
    assert snapped.usable.tolist() == [False]
    assert snapped.distance_m[0] == pytest.approx(20, abs=0.1)


def test_straight_ahead_of_a_dead_end_there_is_no_side_and_beside_it_there_is(tmp_path):
    drawing = """
a---b-----e
|   |
d---c
"""
    network = build(tmp_path, drawing, {"ab": ROAD, "bc": ROAD, "cd": ROAD, "da": ROAD, "be": ROAD})
    ahead, beside = _at(0, 10.3, "right"), _at(0.1, 10.3, "right")
    assert _arcs(network, ahead, beside) == [{"be", "eb"}, {"be"}]


def test_beside_a_sharp_bend_the_mean_of_its_pieces_tells_the_side(tmp_path):
    drawing = """
s-----p
|    q
|   r
e
"""
    # s to p eastward, then back south-west at p by 135 degrees: what lies beyond p lies to the left
    network = build(tmp_path, drawing, {"spqr": ROAD, "re": ROAD, "es": ROAD})
    north_east, inside = _at(-0.3, 6.2, "left"), _at(0.3, 5.2, "right")
    assert _arcs(network, north_east, inside) == [{"spqr"}, {"spqr"}]


def test_an_unknown_approach_is_refused(tmp_path):
    network = build(tmp_path, BLOCK, {"abcda": ROAD})
    with pytest.raises(InputError, match="kerb"):
        snap(network, [_at(0, 0, "kerb")])
