"""The quickest drive that leaves at an instant, where speeds change with time.

A* on the arc-expanded graph with the lower bounds of a customised hierarchy as its potential (Strasser and Zeitz,
"A Fast and Tight Heuristic for A* in Road Networks", 2021): the bounds are exact where nothing slows the traffic, so
the search hardly leaves the quickest path. All arithmetic is in integers and each step grows with its
operands, so the first-in first-out property holds to the millisecond.
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
from numba import njit

from routing.network.location import ARC_UNITS
from routing.travel.customize import LENGTH_BITS, NOT_REACHED, part_mm, part_ms

NEVER = np.int64(1 << 61)
LONGEST_MS = np.int64(1 << 30)
"""No drive takes so long, 12 days, whatever it waits for: its time and length together stay below NEVER."""
_WHOLE = np.int64(ARC_UNITS)
_LENGTH = np.int64((1 << LENGTH_BITS) - 1)


@njit(cache=True)
def _slice_at(instant_ms, slice_ms):  # type: ignore[no-untyped-def]
    """Return the slice that holds an instant; the first one stands for all time before it."""
    k, beyond = 0, slice_ms.size
    while beyond - k > 1:
        middle = (k + beyond) // 2
        if slice_ms[middle] <= instant_ms:
            k = middle
        else:
            beyond = middle
    return k


@njit(cache=True)
def _opens(row, now, slice_ms, turn_closed):  # type: ignore[no-untyped-def]
    """Return when a timed turn can be made by who stands before it at an instant; NEVER if it stays closed."""
    k = _slice_at(now, slice_ms)
    while turn_closed[k, row]:
        k += 1
        if k == slice_ms.size:
            return NEVER
        now = slice_ms[k]
    return now


@njit(cache=True)
def traverse(units, arc, enter_ms, slice_ms, arc_ms, closed, leaving):  # type: ignore[no-untyped-def]
    """Return the instant in ms at which `units` of an arc are driven, entered at `enter_ms`; NEVER if it stays closed.

    Who is `leaving` stood on the arc already: a closure keeps others out, but not in.

    Within a slice the arc advances ARC_UNITS in its `arc_ms`; at a change of slice the rest goes on at the new speed.
    """
    last = slice_ms.size - 1
    k = _slice_at(enter_ms, slice_ms)
    now = enter_ms
    while units > 0:
        if closed[k, arc] and not leaving:
            if k == last:
                return NEVER
            now = slice_ms[k + 1]
        else:
            whole = np.int64(arc_ms[k, arc])
            need = part_ms(units, whole)
            if k == last or now + need <= slice_ms[k + 1]:
                return now + need
            units -= (slice_ms[k + 1] - now) * ARC_UNITS // whole
            now = slice_ms[k + 1]
        k += 1
    return now


@njit(cache=True)
def _bound(at, first, head, both, low, bound, bounded, stamp, path):  # type: ignore[no-untyped-def]
    """Return the least packed weight from a rank to the target, filling in what its ancestors lack."""
    size = 0
    while bounded[at] != stamp:
        path[size] = at
        size += 1
        if first[at] == first[at + 1]:
            break
        at = np.int64(head[first[at]])
    for k in range(size - 1, -1, -1):
        here = path[k]
        best = low[here]
        for slot in range(first[here], first[here + 1]):
            if both[slot, 0] < NOT_REACHED and both[slot, 0] + bound[head[slot]] < best:
                best = both[slot, 0] + bound[head[slot]]
        bound[here] = best
        bounded[here] = stamp
    return bound[path[0]] if size else bound[at]


@njit(cache=True)
def _driven(units, arc, packed, depart_ms, slice_ms, arc_ms, length_mm, closed, leaving):  # type: ignore[no-untyped-def]
    """Return the packed time and length since the departure when `units` more of an arc are driven; NEVER if not."""
    end_ms = traverse(units, arc, depart_ms + (packed >> LENGTH_BITS), slice_ms, arc_ms, closed, leaving)
    if end_ms - depart_ms >= LONGEST_MS:
        return NEVER
    length_cm = (packed & _LENGTH) + (part_mm(length_mm[arc], units) + 5) // 10
    return ((end_ms - depart_ms) << LENGTH_BITS) | length_cm


@njit(cache=True)
def search(  # type: ignore[no-untyped-def]
    first, head, rank, both, low, turn_first, turn_to, turn_ms, slice_ms, arc_ms, length_mm, closed, timed_row,
    turn_closed, leave_arc, leave_position, arrive_arc, arrive_position, depart_ms,
    bound, bounded, reached, parent, stamp, path,
):  # fmt: skip
    """Return (packed time and length, leave index, arrive index, arc before the last), NEVER where there is no path.

    Of equally quick ways it takes the shorter one, as tables do, and adds the same rounded lengths: a drive that ends
    within the slice of its departure is to the metre that of the slice's table.

    Straight ahead on one arc, the leave index says from where. Otherwise it is -1 and `parent` leads from the arc
    before the last back to the first one after the start, whose parent is -1 minus the leave index (so is the arc
    before the last itself, where the first turn leads onto the last arc). `timed_row` gives each turn's column of
    `turn_closed`, -1 where it may always be made. The arrays of size a are a workspace that
    `stamp` keeps apart from earlier searches.
    """
    heap = [(np.int64(0), np.int64(0), np.int64(0))][:0]
    nothing = np.int64(0)
    best, best_leave, best_arrive, best_before = NEVER, -1, -1, -1
    for leave in range(leave_arc.size):
        arc = np.int64(leave_arc[leave])
        for arrive in range(arrive_arc.size):
            ahead = arrive_position[arrive] - leave_position[leave]
            if arrive_arc[arrive] == arc and ahead >= 0:
                end = _driven(ahead, arc, nothing, depart_ms, slice_ms, arc_ms, length_mm, closed, False)
                if end < best:
                    best, best_leave, best_arrive, best_before = end, leave, arrive, -1
        rest = _WHOLE - leave_position[leave]
        end = _driven(rest, arc, nothing, depart_ms, slice_ms, arc_ms, length_mm, closed, True)
        if end < NEVER:
            # A start stands for the head of its arc, but is no vertex: the arc itself may be driven again.
            heappush(heap, (end, end, np.int64(-1 - leave)))
    while heap:
        key, now, at = heappop(heap)
        if key >= best:
            break
        if at >= 0 and now > reached[at, 1]:
            continue
        came = leave_arc[-1 - at] if at < 0 else at
        now_ms = depart_ms + (now >> LENGTH_BITS)
        for turn in range(turn_first[came], turn_first[came + 1]):
            onto = np.int64(turn_to[turn])
            allowed_ms = now_ms if timed_row[turn] < 0 else _opens(timed_row[turn], now_ms, slice_ms, turn_closed)
            if allowed_ms - depart_ms >= LONGEST_MS:
                continue
            enter = now + ((allowed_ms - now_ms + turn_ms[turn]) << LENGTH_BITS)
            for arrive in range(arrive_arc.size):
                if arrive_arc[arrive] == onto:
                    part = arrive_position[arrive]
                    end = _driven(part, onto, enter, depart_ms, slice_ms, arc_ms, length_mm, closed, False)
                    if end < best:
                        best, best_leave, best_arrive, best_before = end, -1, arrive, int(at)
            ahead = _bound(np.int64(rank[onto]), first, head, both, low, bound, bounded, stamp, path)
            if ahead >= NOT_REACHED:
                continue
            end = _driven(_WHOLE, onto, enter, depart_ms, slice_ms, arc_ms, length_mm, closed, False)
            better = reached[onto, 0] != stamp or end < reached[onto, 1]
            if end < NEVER and better and end + ahead < best:
                reached[onto, 0], reached[onto, 1] = stamp, end
                parent[onto] = at
                heappush(heap, (end + ahead, end, onto))
    return best, best_leave, best_arrive, best_before
