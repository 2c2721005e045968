"""Tables weighted pair by pair, held against the whole sum over all slices at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.travel.matrix import TravelMatrix, weighted_tables


def summed_up(matrix, places, from_s, to_s):
    """Return the weighted means of p x p pairs with all slices and weights held at once."""
    pick = np.ix_(np.arange(matrix.slice_start_s.size), places, places)
    duration, distance, reachable = matrix.duration_s[pick], matrix.distance_m[pick], matrix.reachable[pick]
    begin = np.concatenate(([-np.inf], matrix.slice_start_s[1:]))[:, None, None]
    end = np.concatenate((matrix.slice_start_s[1:], [np.inf]))[:, None, None]
    weight = np.maximum(0.0, np.minimum(end, np.maximum(to_s, from_s + 1)) - np.maximum(begin, from_s)) * reachable
    weight = np.where(weight.sum(axis=0) > 0, weight, reachable)
    total = np.maximum(weight.sum(axis=0), 1e-9)
    seconds = np.ceil((weight * duration).sum(axis=0) / total - 1e-6)
    return seconds, np.rint((weight * distance).sum(axis=0) / total), reachable.any(axis=0)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_pair_by_pair_is_the_whole_sum(seed):
    rng = np.random.default_rng(seed)
    slices, size, picked = rng.integers(1, 6), rng.integers(1, 6), rng.integers(1, 9)
    shape = (slices, size, size)
    matrix = TravelMatrix(
        duration_s=rng.integers(0, 5000, shape).astype(np.int32),
        distance_m=rng.integers(0, 90_000, shape).astype(np.int32),
        reachable=rng.random(shape) > 0.3,
        slice_start_s=np.sort(rng.choice(20_000, slices, replace=False)),
    )
    places = rng.integers(0, size, picked)
    leave_from_s, arrive_from_s = rng.integers(-500, 21_000, (2, picked)).astype(float)
    leave_to_s, arrive_to_s = (
        leave_from_s + rng.integers(0, 9000, picked),
        arrive_from_s + rng.integers(0, 9000, picked),
    )
    known = rng.random(picked) < 0.5
    from_s = np.where(known[:, None], leave_from_s[:, None], arrive_from_s[None])
    to_s = np.where(known[:, None], leave_to_s[:, None], arrive_to_s[None])
    leave_from_s[~known] = np.nan
    found = weighted_tables(matrix, places, (leave_from_s, leave_to_s), (arrive_from_s, arrive_to_s))
    seconds, metres, reachable = summed_up(matrix, places, from_s, to_s)
    np.testing.assert_array_equal(found[2], reachable)
    np.testing.assert_array_equal(found[0][reachable], seconds[reachable])
    np.testing.assert_array_equal(found[1][reachable], metres[reachable])
