"""Follow a trace through its candidates: the compiled part of map matching.

The hidden Markov model of Newson and Krumm ("Hidden Markov Map Matching Through Noise and Sparseness", 2009) on the
arc-expanded graph: a state is a place on an arc, so turn restrictions bind the path, and a way back is only found
where the road lets one turn round.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
from numba import njit

from routing.network.location import ARC_UNITS

NO_PATH = np.int64(1 << 61)
TURN_MM_PER_MS = 5
"""A turn that costs a second is taken where it saves five metres: of two ways of one length the straighter one wins."""
BETA_M_PER_S = 0.5
LEAST_BETA_M = 3.0
"""How much longer or shorter than the straight line a path may be: Newson and Krumm's estimates by the time between
fixes (their figure 9) lie near half a metre a second; Valhalla's constant is 3 m."""
FASTEST_MPS = 50.0
MOST_SKIPPED = 3
"""So many fixes in a row may be outliers; after more of them a trace is split."""
LONGEST_GAP_S = 180
"""Newson and Krumm's: after a longer silence nothing tells which way was driven."""
_BEAM = 30.0
"""States so much less likely (by logarithm) than the best one of their fix are not followed."""
_IMPOSSIBLE = -1e18
_ON_ARC = -2
_FROM_START = -1


@njit(cache=True)
def _find(  # type: ignore[no-untyped-def]
    length_mm, turn_first, turn_to, turn_ms, arc, position, target_of, target_position, back_mm, limit_mm,
    work, stamp, found_mm, found_before,
):  # fmt: skip
    """Write the length of the best path from a place on an arc to each of some others, NO_PATH beyond a limit.

    Paths are compared by their length with the turns converted to length. `found_before` is the arc before the last
    one, _FROM_START where that is the place's own arc, _ON_ARC where the path stays on it; a target a little behind on
    the same arc is noise of a vehicle that stands. `work` (4 x a) holds label, length driven, parent and stamp of each
    arc; `stamp` keeps it apart from earlier searches.
    """
    label, driven, parent, stamped = work[0], work[1], work[2], work[3]
    count = target_position.size
    best = np.full(count, NO_PATH)
    found_mm[:count] = NO_PATH
    left = count
    ahead = target_of[arc]
    if ahead >= 0:
        mm = (length_mm[arc] * (target_position[ahead] - position)) >> 30
        if mm >= -back_mm:
            best[ahead] = found_mm[ahead] = max(mm, 0)
            found_before[ahead] = _ON_ARC
            left -= 1
    rest = (length_mm[arc] * (ARC_UNITS - position)) >> 30
    heap = [(np.int64(0), np.int64(0))][:0]
    heappush(heap, (np.int64(rest), np.int64(_FROM_START)))
    while heap:
        key, at = heappop(heap)
        if key > limit_mm or (left == 0 and key >= best.max()):
            break
        if at >= 0 and key > label[at]:
            continue
        came, mm = (arc, rest) if at < 0 else (at, driven[at])
        for turn in range(turn_first[came], turn_first[came + 1]):
            onto = np.int64(turn_to[turn])
            enter = key + np.int64(turn_ms[turn]) * TURN_MM_PER_MS
            target = target_of[onto]
            if target >= 0:
                part = (length_mm[onto] * target_position[target]) >> 30
                if enter + part < best[target]:
                    left -= best[target] == NO_PATH
                    best[target], found_mm[target], found_before[target] = enter + part, mm + part, at
            end = enter + length_mm[onto]
            if end <= limit_mm and (stamped[onto] != stamp or end < label[onto]):
                stamped[onto], label[onto], parent[onto] = stamp, end, at
                driven[onto] = mm + length_mm[onto]
                heappush(heap, (end, onto))


@njit(cache=True)
def _limit_mm(gap_m, gap_s):  # type: ignore[no-untyped-def]
    """Return the longest path that is looked at between two fixes: round a block or two, at the speed of a car."""
    return np.int64(1000.0 * min(1.5 * gap_m + 500.0, FASTEST_MPS * gap_s + 100.0))


@njit(cache=True)
def best_states(  # type: ignore[no-untyped-def]
    length_mm, turn_first, turn_to, turn_ms, first, arc, position, emission, may_start, x_m, y_m, time_s, back_mm,
    work, stamp, target_of,
):  # fmt: skip
    """Return the most likely candidate of each fix, the fix before it, its probability, and the last stamp used.

    Candidates of fix i are first[i] to first[i + 1]. The candidate is -1 where the fix is left out; the fix before is
    -1 where a piece begins. The probability is that of the whole piece's path among all paths, per fix of the piece.
    Where no path leads on from a fix, the next ones are tried; then that fix itself is taken for the outlier and the
    same ones are tried from the fix before it; then the piece ends.
    """
    count = x_m.size
    score, total = np.full(arc.size, _IMPOSSIBLE), np.full(arc.size, _IMPOSSIBLE)
    back = np.full(arc.size, -1, np.int64)
    before = np.full(count, -2, np.int64)
    most = np.max(first[1:] - first[:-1])
    found_mm, found_before = np.empty(most, np.int64), np.empty(most, np.int64)
    begin = 0
    while begin < count:
        if first[begin] == first[begin + 1]:
            begin += 1
            continue
        before[begin] = -1
        for c in range(first[begin], first[begin + 1]):
            score[c] = total[c] = emission[c] if may_start[c] else _IMPOSSIBLE
        last, goes_on = begin, True
        while goes_on:
            goes_on = False
            for origin in (last, before[last]):
                for i in range(last + 1, min(last + 2 + MOST_SKIPPED, count)):
                    if origin < 0 or goes_on or time_s[i] - time_s[origin] > LONGEST_GAP_S:
                        break
                    gap_m, gap_s = np.hypot(x_m[i] - x_m[origin], y_m[i] - y_m[origin]), time_s[i] - time_s[origin]
                    stamp, goes_on = _extend(
                        length_mm, turn_first, turn_to, turn_ms, first, arc, position, emission, score, total, back,
                        origin, i, gap_m, gap_s, back_mm, work, stamp, target_of, found_mm, found_before,
                    )  # fmt: skip
                    if goes_on:
                        if origin != last:
                            before[last] = -2
                        before[i], last = origin, i
                if goes_on:
                    break
        begin = last + 1
    chosen, probability = _trace_back(first, score, total, back, before)
    return chosen, before, probability, stamp


@njit(cache=True)
def _extend(  # type: ignore[no-untyped-def]
    length_mm, turn_first, turn_to, turn_ms, first, arc, position, emission, score, total, back,
    origin, fix, gap_m, gap_s, back_mm, work, stamp, target_of, found_mm, found_before,
):  # fmt: skip
    """Score the candidates of a fix by the paths from those of another; return the last stamp, and if one leads on."""
    low, high = first[fix], first[fix + 1]
    beta_m = max(LEAST_BETA_M, BETA_M_PER_S * gap_s)
    reached = False
    for c in range(low, high):
        target_of[arc[c]] = c - low
        score[c] = total[c] = _IMPOSSIBLE
    top = score[first[origin] : first[origin + 1]].max()
    for s in range(first[origin], first[origin + 1]):
        if high == low or score[s] < top - _BEAM:
            continue
        stamp += 1
        _find(
            length_mm, turn_first, turn_to, turn_ms, np.int64(arc[s]), position[s], target_of, position[low:high],
            back_mm, _limit_mm(gap_m, gap_s), work, stamp, found_mm, found_before,
        )  # fmt: skip
        for c in range(low, high):
            if found_mm[c - low] < NO_PATH:
                reached = True
                likely = emission[c] - abs(found_mm[c - low] / 1000.0 - gap_m) / beta_m
                if score[s] + likely > score[c]:
                    score[c], back[c] = score[s] + likely, s
                total[c] = np.logaddexp(total[c], total[s] + likely)
    for c in range(low, high):
        target_of[arc[c]] = -1
    return stamp, reached


@njit(cache=True)
def _trace_back(first, score, total, back, before):  # type: ignore[no-untyped-def]
    count = before.size
    chosen = np.full(count, -1, np.int64)
    probability = np.zeros(count)
    follows = np.zeros(count, np.bool_)
    for i in range(count):
        if before[i] >= 0:
            follows[before[i]] = True
    for end in range(count):
        if before[end] == -2 or follows[end]:
            continue
        low, high = first[end], first[end + 1]
        state = low + np.argmax(score[low:high])
        all_paths = total[low]
        for c in range(low + 1, high):
            all_paths = np.logaddexp(all_paths, total[c])
        gain = score[state] - all_paths
        i, size = end, 0
        while i >= 0:
            chosen[i] = state
            state = back[state]
            size += 1
            i = before[i]
        i = end
        while i >= 0:
            probability[i] = np.exp(min(0.0, gain) / size)
            i = before[i]
    return chosen, probability


@njit(cache=True)
def driven_rows(  # type: ignore[no-untyped-def]
    length_mm, turn_first, turn_to, turn_ms, arc, position, gap_m, gap_s, back_mm,
    work, stamp, target_of,
):  # fmt: skip
    """Return the paths between consecutive chosen states, one row per arc: step, arc, from, to, turn before in ms.

    `gap_m` and `gap_s` (n - 1) are those between the fixes, as the search for the states saw them; where `gap_s` is
    not positive, no step leads from one state to the next.
    """
    rows = [(np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0))][:0]
    path = [np.int64(0)][:0]
    parent = work[2]
    found_mm, found_before = np.empty(1, np.int64), np.empty(1, np.int64)
    whole = np.int64(ARC_UNITS)
    for step in range(arc.size - 1):
        if gap_s[step] <= 0:
            continue
        start, end = np.int64(arc[step]), np.int64(arc[step + 1])
        target_of[end] = 0
        stamp += 1
        _find(
            length_mm, turn_first, turn_to, turn_ms, start, position[step], target_of, position[step + 1 : step + 2],
            back_mm, _limit_mm(gap_m[step], gap_s[step]),
            work, stamp, found_mm, found_before,
        )  # fmt: skip
        target_of[end] = -1
        if found_before[0] == _ON_ARC:
            rows.append((np.int64(step), start, position[step], position[step + 1], np.int64(0)))
            continue
        path.clear()
        path.append(end)
        at = found_before[0]
        while at >= 0:
            path.append(at)
            at = parent[at]
        rows.append((np.int64(step), start, position[step], whole, np.int64(0)))
        came = start
        for k in range(len(path) - 1, -1, -1):
            onto = path[k]
            lost = np.int64(0)
            for turn in range(turn_first[came], turn_first[came + 1]):
                if turn_to[turn] == onto:
                    lost = np.int64(turn_ms[turn])
                    break
            rows.append((np.int64(step), onto, np.int64(0), position[step + 1] if k == 0 else whole, lost))
            came = onto
    table = np.empty((len(rows), 5), np.int64)
    for r in range(len(rows)):
        for k, value in enumerate(rows[r]):
            table[r, k] = value
    return table, stamp
