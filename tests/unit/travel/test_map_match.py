"""Traces on small maps, matched by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tiny_network import METRES_PER_DEG, network_of

from routing.network.location import ARC_UNITS
from routing.travel.map_match import MapMatcher, MatchOptions, Trace
from routing.travel.map_match_arcs import driven_arcs
from routing.travel.map_match_journeys import journeys

CROSS = {"w": (-400, 0), "m": (0, 0), "e": (400, 0), "n": (0, 400), "s": (0, -400)}
BOTH_WAYS = [
    (a, b, 40)
    for one, other in (("w", "m"), ("m", "e"), ("n", "m"), ("m", "s"))
    for a, b in ((one, other), (other, one))
]
WM, ME, MN = BOTH_WAYS.index(("w", "m", 40)), BOTH_WAYS.index(("m", "e", 40)), BOTH_WAYS.index(("m", "n", 40))


def trace(*fixes: tuple[float, float, float]) -> Trace:
    """Fixes are (second, x_m, y_m)."""
    time_s, x_m, y_m = (np.array(column, float) for column in zip(*fixes, strict=True))
    return Trace(
        trace_id="t",
        time_s=time_s.astype(np.int64),
        lat_deg=y_m / METRES_PER_DEG,
        lon_deg=x_m / METRES_PER_DEG,
    )


def match(network, *fixes, **options):
    (found,) = MapMatcher(network, MatchOptions(**options)).match([trace(*fixes)])
    return found


def test_the_arcs_and_their_times_are_those_of_the_drive() -> None:
    network = network_of(CROSS, BOTH_WAYS)
    found = match(network, (0, -300, 4), (10, -200, -5), (20, -100, 3), (30, 4, 0), (40, 105, 6), (50, 200, -2))
    driven = driven_arcs(network, found)
    assert driven.arc.tolist() == [WM, ME]
    assert driven.share == pytest.approx([0.75, 0.5], abs=0.01)
    assert driven.enter_s == pytest.approx([0, 29.6], abs=0.2)
    assert driven.leave_s == pytest.approx([29.6, 50], abs=0.2)
    assert found.share == 1
    assert found.confidence > 0.9
    assert found.piece.tolist() == [0] * 6


def test_of_two_streets_side_by_side_the_one_that_leads_that_way_is_taken() -> None:
    nodes = {"a": (0, 0), "b": (500, 0), "c": (500, 15), "d": (0, 15)}
    roads = [("a", "b", 40), ("c", "d", 40), ("b", "c", 2), ("d", "a", 2)]
    network = network_of(nodes, roads)
    # The fixes lie nearer to the street that leads east.
    found = match(network, *((10 * k, 400 - 80 * k, 5) for k in range(5)))
    assert driven_arcs(network, found).arc.tolist() == [1]


def test_a_turn_that_is_forbidden_is_not_matched() -> None:
    nodes = {**CROSS, "x": (400, 400)}
    roads = [*BOTH_WAYS, ("e", "x", 40), ("x", "n", 40)]
    fixes = [(0, -200, 0), (10, -100, 0), (20, -3, 2), (30, 0, 100), (40, 0, 200)]
    free = network_of(nodes, roads)
    assert driven_arcs(free, match(free, *fixes)).arc.tolist() == [WM, MN]
    banned = network_of(nodes, roads, forbidden={("w", "m", "n")})
    found = driven_arcs(banned, match(banned, *fixes))
    pairs = zip(found.piece[:-1], found.piece[1:], found.arc[:-1], found.arc[1:], strict=True)
    assert (WM, MN) not in {(one, other) for p, q, one, other in pairs if p == q}


def test_an_outlier_is_left_out_and_the_drive_goes_on() -> None:
    network = network_of(CROSS, BOTH_WAYS)
    found = match(network, (0, -300, 0), (10, -200, 0), (20, -120, 380), (30, 0, 2), (40, 100, 0), radius_m=50)
    assert found.fix.tolist() == [0, 1, 3, 4]
    assert found.share == pytest.approx(0.8)
    near_another_road = match(network, (0, -300, 0), (10, -200, 0), (20, 0, 390), (30, -10, 2), (40, 100, 0))
    assert near_another_road.fix.tolist() == [0, 1, 3, 4]
    assert driven_arcs(network, near_another_road).arc.tolist() == [WM, ME]


def test_where_no_road_leads_on_the_trace_is_split() -> None:
    nodes = {"a": (0, 0), "b": (400, 0), "c": (430, 0), "d": (800, 0)}
    network = network_of(nodes, [("a", "b", 40), ("c", "d", 40)])
    found = match(network, *((10 * k, 100 + 100 * k, 0) for k in range(7)))
    assert found.piece.tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert driven_arcs(network, found).arc.tolist() == [0, 1]


def test_a_trace_beside_all_roads_is_not_placed() -> None:
    network = network_of(CROSS, BOTH_WAYS)
    found = match(network, (0, 200, 200), (10, 300, 300))
    assert (found.fix.size, found.row_arc.size, found.share, found.confidence) == (0, 0, 0, 0)


def test_standing_with_noise_neither_turns_round_nor_moves() -> None:
    network = network_of(CROSS, BOTH_WAYS)
    waiting = [(20 + 10 * k, -100 + 11 * (-1) ** k, 2) for k in range(6)]
    found = match(network, (0, -300, 0), (10, -200, 0), *waiting, (80, 0, 0), (90, 100, 0))
    driven = driven_arcs(network, found)
    assert driven.arc.tolist() == [WM, ME]
    assert driven.share.sum() == pytest.approx(1.0, abs=0.01)
    assert driven.leave_s[0] == pytest.approx(80, abs=0.5)


def test_standing_counts_for_the_way_on_save_where_a_piece_begins() -> None:
    network = network_of(CROSS, BOTH_WAYS)
    found = match(network, (0, -300, 0), (30, -298, 0), (40, -200, 0), (60, -197, 1), (70, -100, 0), (80, -99, 0))
    assert found.fix.tolist() == [0, 2, 4]
    assert found.time_s.tolist() == [30, 40, 70]


def test_positions_are_exact_where_the_fixes_are() -> None:
    network = network_of(CROSS, BOTH_WAYS)
    found = match(network, (0, -300, 0), (10, -100, 0))
    assert found.position / ARC_UNITS == pytest.approx([0.25, 0.75], abs=1e-4)
    assert found.distance_m == pytest.approx([0, 0], abs=0.01)


def test_journeys_lie_between_stops_and_silences() -> None:
    drive = [(10 * k, 100 * k, 0) for k in range(5)]
    stop = [(50 + 30 * k, 405, 3) for k in range(9)]
    on = [(300 + 10 * k, 500 + 100 * k, 0) for k in range(4)]
    later = [(1000 + 10 * k, 2000 + 100 * k, 0) for k in range(3)]
    found = journeys([trace(*drive, *stop, *on, *later), trace((0, 0, 0), (500, 3, 0))])
    assert [(each.time_s[0], each.time_s[-1]) for each in found] == [(0, 40), (290, 330), (1000, 1020)]
    assert {each.trace_id for each in found} == {"t"}


def test_standing_at_the_ends_is_cut_off() -> None:
    parked = [(15 * k, 2 * (k % 2), 0) for k in range(5)]
    found = journeys([trace(*parked, (75, 100, 0), (90, 200, 0), (105, 203, 0), (120, 200, 0))])
    assert [(each.time_s[0], each.time_s[-1]) for each in found] == [(60, 90)]
