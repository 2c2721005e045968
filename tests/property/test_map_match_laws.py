"""Drives over known arcs, seen through a noisy receiver, are found again."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_network import METRES_PER_DEG, random_network

from routing.travel.map_match import MapMatcher, MatchOptions, Trace
from routing.travel.map_match_arcs import driven_arcs

SEEDS = st.integers(0, 2**32 - 1)
SETTINGS = settings(max_examples=25, deadline=None, derandomize=True)


def random_drive(rng, network, arcs: int):
    """A walk over allowed turns that comes to no arc, and to no arc's other direction, twice."""
    path = [int(rng.integers(network.arc_count))]
    seen = {frozenset((int(network.arc_tail[path[0]]), int(network.arc_head[path[0]])))}
    while len(path) < arcs:
        turns = network.turn_to[network.turn_first[path[-1]] : network.turn_first[path[-1] + 1]]
        fresh = [
            int(arc) for arc in turns if frozenset((int(network.arc_tail[arc]), int(network.arc_head[arc]))) not in seen
        ]
        if not fresh:
            break
        path.append(int(rng.choice(fresh)))
        seen.add(frozenset((int(network.arc_tail[path[-1]]), int(network.arc_head[path[-1]]))))
    return path


def seen_as(rng, network, path, *, spacing_m: float, noise_m: float) -> tuple[Trace, list[float]]:
    """The trace of a drive at 10 m/s from the middle of its first arc to that of its last; and when it enters arcs."""
    nodes = [int(network.arc_tail[path[0]]), *(int(network.arc_head[arc]) for arc in path)]
    x = network.node_lon_deg[nodes] * METRES_PER_DEG
    y = network.node_lat_deg[nodes] * METRES_PER_DEG
    x[0], y[0] = (x[0] + x[1]) / 2, (y[0] + y[1]) / 2
    x[-1], y[-1] = (x[-2] + x[-1]) / 2, (y[-2] + y[-1]) / 2
    along = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    at = np.unique(np.append(np.arange(0, along[-1], spacing_m), along[-1]))
    noise = rng.normal(0, noise_m, (2, at.size))
    return Trace(
        trace_id="walk",
        time_s=np.rint(at / 10).astype(np.int64),
        lat_deg=(np.interp(at, along, y) + noise[0]) / METRES_PER_DEG,
        lon_deg=(np.interp(at, along, x) + noise[1]) / METRES_PER_DEG,
    ), (along[1:-1] / 10).tolist()


@given(seed=SEEDS)
@SETTINGS
def test_without_noise_the_very_arcs_are_found_and_when_they_were_entered(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(rng)
    path = random_drive(rng, network, 10)
    trace, enter_s = seen_as(rng, network, path, spacing_m=50, noise_m=0)
    (found,) = MapMatcher(network).match([trace])
    driven = driven_arcs(network, found)
    assert driven.arc.tolist() == path
    # A step's time is shared out by the arcs' free-flow times, which are up to eight times apart here.
    assert np.abs(driven.enter_s[1:] - enter_s).max(initial=0) <= 5.5
    assert (driven.leave_s[:-1] <= driven.enter_s[1:]).all()


def test_with_noise_nearly_every_arc_is_found_and_hardly_any_other() -> None:
    rng = np.random.default_rng(5)
    driven = found = both = 0
    for _ in range(60):
        network = random_network(rng)
        path = random_drive(rng, network, 10)
        trace, _ = seen_as(rng, network, path, spacing_m=60, noise_m=5)
        (match,) = MapMatcher(network, MatchOptions(sigma_m=5)).match([trace])
        arcs = driven_arcs(network, match).arc.tolist()
        driven, found, both = driven + len(path), found + len(arcs), both + len(set(path) & set(arcs))
    assert both / driven > 0.97
    assert both / found > 0.97


@given(seed=SEEDS)
@SETTINGS
def test_a_match_is_a_drive_that_the_turns_allow_and_takes_the_time_of_the_trace(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = random_network(rng)
    trace, _ = seen_as(rng, network, random_drive(rng, network, 12), spacing_m=80, noise_m=15)
    (match,) = MapMatcher(network, MatchOptions(sigma_m=15)).match([trace])
    driven = driven_arcs(network, match)
    for k in range(1, driven.arc.size):
        if driven.piece[k] == driven.piece[k - 1] and driven.arc[k] != driven.arc[k - 1]:
            turns = slice(network.turn_first[driven.arc[k - 1]], network.turn_first[driven.arc[k - 1] + 1])
            assert driven.arc[k] in network.turn_to[turns]
    for piece in set(match.piece.tolist()):
        times = match.time_s[match.piece == piece]
        rows = driven.piece == piece
        if rows.any():
            assert driven.leave_s[rows][-1] == times[-1]
            assert driven.enter_s[rows][0] - times[0] < 0.01
    assert 0 <= match.confidence <= 1
    assert match.fix.size <= match.moving_fixes <= trace.time_s.size
