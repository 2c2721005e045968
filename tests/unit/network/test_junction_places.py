"""Places right on a junction are on all its roads."""

import pytest
from ascii_map import STEP_DEG, arc_letters, build

from routing import Location, drive, free_flow, snap
from routing.network.location import ARC_UNITS

ROAD = {"highway": "residential"}
ONEWAY = {**ROAD, "oneway": "yes"}
CROSS = """
    n
    |
w---x---e
    |
    s
"""
ARMS = {"wx": ROAD, "xe": ROAD, "nx": ROAD, "xs": ROAD}
X = (2, 4)


def at(row, column, **asked):
    """Return a location at a place of the drawing, in steps of 100 m."""
    return Location(lat_deg=-row * STEP_DEG, lon_deg=column * STEP_DEG, **asked)


def offers(network, location):
    """Return the arcs to leave on and to arrive on, with the share of each at which the place lies."""
    snapped, names = snap(network, [location]), arc_letters(network)
    return [
        {names[arc]: round(position / ARC_UNITS, 2) for arc, position in zip(arcs, positions, strict=True)}
        for arcs, positions in (
            (snapped.leave_arc.tolist(), snapped.leave_position.tolist()),
            (snapped.arrive_arc.tolist(), snapped.arrive_position.tolist()),
        )
    ]


def test_a_place_on_a_crossing_is_on_all_its_roads(tmp_path):
    leave, arrive = offers(build(tmp_path, CROSS, ARMS), at(*X))
    to_x = {"wx": 1.0, "ex": 1.0, "nx": 1.0, "sx": 1.0}
    from_x = {"xw": 0.0, "xe": 0.0, "xn": 0.0, "xs": 0.0}
    assert leave == arrive == {**to_x, **from_x}


@pytest.mark.parametrize(("off_m", "roads"), [(0.5, 8), (2.0, 2)])
def test_a_place_beyond_a_metre_is_on_its_own_road(tmp_path, off_m, roads):
    leave, arrive = offers(build(tmp_path, CROSS, ARMS), at(2, 4 + off_m / 100))
    assert len(leave) == len(arrive) == roads


def test_who_stands_at_the_begin_of_a_one_way_road_need_not_take_it(tmp_path):
    drawing = """
    n-------m
    |       |
    w---x---e
    """
    network = build(tmp_path, drawing, {"xw": ONEWAY, "xe": ROAD, "wn": ROAD, "nm": ROAD, "me": ROAD})
    found = drive(network, free_flow(network), at(2, 4), at(2, 7), 0)
    assert found.distance_m == 300  # and not 400 + 200 + 800 + 200 + 100 round the block


def test_a_bollard_keeps_its_two_sides_apart(tmp_path):
    drawing = """
    a---b---c
    |       |
    d-------e
    """
    ways = {"ab": ROAD, "bc": ROAD, "adec": ROAD}
    leave, _ = offers(build(tmp_path, drawing, ways, nodes={"b": {"barrier": "bollard"}}), at(0, 4))
    assert sorted(leave) in (["ab", "ba"], ["bc", "cb"])


def test_a_heading_keeps_to_the_road_that_runs_so(tmp_path):
    leave, arrive = offers(build(tmp_path, CROSS, ARMS), at(*X, heading_deg=80))
    assert set(leave) == set(arrive)
    assert len(leave) == 1
