"""Price a route by walking it from its start; compiled.

A label holds what a route is like at a halt after some of the vehicle's breaks: the earliest end, the shortest duration
and the latest begin (duration segments, see `route_state`), so that a later departure is known where it saves waiting.
A break on a leg is a halt of its own with a window. Of labels that have taken as many breaks the one that ends earliest
is kept, as `plan.timing` does. The rests of driving rules are taken while waiting where that is long enough, else as
late as allowed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from routing.plan.engines.compiled import kernel
from routing.plan.engines.interface import NO_ROAD_S
from routing.plan.engines.route_state import NOWHERE, Ints
from routing.plan.engines.rules import FAR_S
from routing.plan.engines.walk_data import (
    BREAKS,
    CLOSES_S,
    DEPOT_STAY_S,
    DIMENSIONS,
    DRIVE_S,
    DUE_S,
    END_FEE,
    END_OPENING,
    END_S,
    END_WINDOW,
    FEE,
    FEES,
    FIRST_BREAK,
    FIRST_FEE,
    FIRST_OPENING,
    FIRST_S,
    FIRST_WINDOW,
    FIXED,
    FOLLOW_COST,
    FOLLOW_NODE,
    FOLLOW_VEHICLE,
    FROM_S,
    HOME_S,
    HOP_S,
    LAST_S,
    LATE_FROM_S,
    LATE_MOST_S,
    METRES,
    MOST_DRIVE_S,
    MOST_DURATION_S,
    MOST_METRES,
    OPENS_S,
    OUT,
    PER_DUTY_S,
    PER_LATE_S,
    PER_METRE,
    PER_OVER_S,
    PER_SQUARE,
    PROFILE,
    SINCE_S,
    SPLIT_TAKEN,
    STAY_S,
    TOLL,
    UNTIL_REST_S,
    WalkData,
)
from routing.plan.engines.walk_loads import holds
from routing.plan.engines.walk_rests import DEAD_S, drive, rest_while_waiting, through
from routing.plan.engines.walk_state import (
    BREAKS_BEFORE,
    DURATION,
    END,
    LATE,
    LATEST,
    PAID,
    REACHED,
    RELEASES,
    ROUTE_DRIVE_S,
    ROUTE_FEES,
    ROUTE_METRES,
    SINCE,
    SPLIT,
    SUMS,
    TRIED,
    USE,
    Number,
    Scratch,
    WalkState,
)

A_STOP, RELOAD, HOME = range(3)
"""Kinds of halts."""
Place = tuple[Number, Number, Number, Number]
"""Of a halt its kind, seconds of setup and of service or loading, and the release of the trip that begins there."""


@kernel
def walk(
    data: WalkData, state: WalkState, own: Scratch, route: NDArray[np.int32], length: Number, vehicle: Number
) -> Number:
    """Return the cost of an order for a vehicle, `NOWHERE` where it breaks a rule; 0 where it need not leave."""
    facts = data.fleet[vehicle]
    if length == 0 and facts[OUT] == 0:
        for depot in range(data.depots.shape[0]):
            for load in range(data.facts[DIMENSIONS]):
                own.rows[USE + depot, load] = 0
        own.rows[REACHED, 0], own.rows[RELEASES, 0] = facts[FIRST_S], -FAR_S
        return 0
    if not holds(data, state, own, route, length, vehicle):
        return NOWHERE
    first_s = max(facts[FIRST_S], own.rows[RELEASES, 0])
    cost, tardy_s, depart_s = _priced(data, own, route, length, vehicle, first_s, facts[LAST_S], REACHED)
    if facts[FIRST_S] < facts[LAST_S]:
        # Who leaves when the window of a break is over need not take it.
        for number in range(facts[BREAKS]):
            closes_s = data.spans[facts[FIRST_BREAK] + number, CLOSES_S]
            if (
                first_s <= closes_s < facts[END_S]
                and depart_s <= closes_s
                and _may_leave(data, route, vehicle, closes_s)
            ):
                # Where the earliest departure holds, the halts stay as it makes them.
                row = TRIED if cost < NOWHERE else REACHED
                later, late_s, then_s = _priced(data, own, route, length, vehicle, closes_s + 1, facts[LAST_S], row)
                if later < cost and late_s <= tardy_s:
                    cost, tardy_s, depart_s = later, late_s, then_s
    return cost


@kernel
def _may_leave(data: WalkData, route: NDArray[np.int32], vehicle: Number, depart_s: Number) -> bool:
    """Tell whether one who leaves after an instant may still be in time at the first stop."""
    stop, start = route[0], data.stops.shape[0] + vehicle
    if stop >= data.stops.shape[0]:
        return True
    reached_s = depart_s + np.int64(data.travel[data.fleet[vehicle, PROFILE], start, stop, HOP_S])
    return bool(reached_s < data.stops[stop, LATE_FROM_S] + data.stops[stop, LATE_MOST_S])


@kernel
def _priced(
    data: WalkData,
    own: Scratch,
    route: NDArray[np.int32],
    length: Number,
    vehicle: Number,
    first_s: Number,
    last_s: Number,
    row: Number,
) -> tuple[Number, Number, Number]:
    """Return cost, lateness with overtime and departure of the best run that leaves between two instants.

    The earliest end of each halt goes to a row of the scratch.
    """
    last = _run(data, own, route, length, vehicle, first_s, last_s, row)
    if last < 0:
        return NOWHERE, FAR_S, np.int64(-FAR_S)
    depart_s = own.labels[last, END] - own.labels[last, DURATION]
    if data.facts[FEES] > 0 and depart_s > first_s:
        # What the starts cost is known only when the departure is.
        last = _run(data, own, route, length, vehicle, depart_s, depart_s, TRIED)
        if last < 0:
            return NOWHERE, FAR_S, np.int64(-FAR_S)
    facts, metres, label = data.fleet[vehicle], own.rows[SUMS, ROUTE_METRES], own.labels[last]
    duty_s, over_s, drive_s = label[DURATION], max(0, label[END] - facts[END_S]), own.rows[SUMS, ROUTE_DRIVE_S]
    if duty_s > facts[MOST_DURATION_S] or metres > facts[MOST_METRES] or drive_s > facts[MOST_DRIVE_S]:
        return NOWHERE, FAR_S, np.int64(-FAR_S)
    cost = metres * facts[PER_METRE] + own.rows[SUMS, ROUTE_FEES] + label[PAID] + duty_s * facts[PER_DUTY_S]
    cost += over_s * facts[PER_OVER_S] + duty_s * duty_s * data.facts[PER_SQUARE] // 18
    return cost + (facts[FIXED] if length > 0 else 0), label[LATE] + over_s, depart_s


@kernel
def _run(
    data: WalkData,
    own: Scratch,
    route: NDArray[np.int32],
    length: Number,
    vehicle: Number,
    first_s: Number,
    last_s: Number,
    row: Number,
) -> Number:
    """Carry the labels along a route that leaves between two instants; return the one that ends earliest, -1: none."""
    if first_s > last_s:
        return -1
    count, fleet, facts = data.stops.shape[0], data.fleet.shape[0], data.fleet[vehicle]
    _leave(data, own, vehicle, first_s, last_s)
    metres, drive_s, fees, trip = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    gone, release_s, kind, wanted, stay_s = own.rows[SUMS, BREAKS_BEFORE], np.int64(-FAR_S), HOME, facts, np.int64(0)
    before, own.rows[row, 0] = np.int64(count + vehicle), first_s
    for index in range(length + 1):
        node, kind, stay_s = count + fleet + vehicle, HOME, np.int64(0)
        if index < length:
            node, kind = np.int64(route[index]), A_STOP
            if node >= count:
                wanted, kind = data.depots[node - count], RELOAD
                stay_s, node, trip = wanted[DEPOT_STAY_S], node + 2 * fleet, trip + 1
                release_s = own.rows[RELEASES, trip]
        leg = data.travel[facts[PROFILE], before, node]
        if leg[HOP_S] >= NO_ROAD_S:
            return -1
        metres += leg[METRES]
        drive_s += leg[DRIVE_S]
        if kind == A_STOP:
            wanted, stay_s = data.stops[node], data.service[node, vehicle, STAY_S]
            if data.service[node, vehicle, TOLL] == NOWHERE:
                return -1
            fees += data.service[node, vehicle, TOLL] + follow_fee(wanted, vehicle, before)
        setup_s = np.int64(leg[HOP_S]) - leg[DRIVE_S]
        place = (kind, setup_s, stay_s, release_s)
        reached_s = _advance(data.spans, facts, own.labels, gone, np.int64(leg[DRIVE_S]), wanted, place)
        if reached_s >= DEAD_S:
            return -1
        own.rows[row, index + 1] = reached_s
        before = node
    own.rows[SUMS, ROUTE_METRES], own.rows[SUMS, ROUTE_DRIVE_S] = metres, drive_s
    own.rows[SUMS, ROUTE_FEES] = fees
    return _arrive(data, own, vehicle)


@kernel
def follow_fee(facts: Ints, vehicle: Number, before: Number) -> Number:
    """Return what a stop charges for not coming after a certain node on a certain vehicle."""
    spared = facts[FOLLOW_NODE] == before and facts[FOLLOW_VEHICLE] == vehicle
    return np.int64(0) if spared else facts[FOLLOW_COST]


@kernel
def _leave(data: WalkData, own: Scratch, vehicle: Number, first_s: Number, last_s: Number) -> None:
    """Set the labels of the start: one, after the breaks that are over before the earliest departure."""
    facts, gone = data.fleet[vehicle], np.int64(0)
    while gone < facts[BREAKS] and data.spans[facts[FIRST_BREAK] + gone, CLOSES_S] < first_s:
        gone += 1
    for taken in range(facts[BREAKS] + 1):
        own.labels[taken, END] = DEAD_S
    label = own.labels[gone]
    label[END], label[DURATION], label[LATEST], label[PAID], label[LATE] = first_s, 0, last_s, 0, 0
    label[SINCE], label[SPLIT] = facts[SINCE_S], facts[SPLIT_TAKEN]
    own.rows[SUMS, BREAKS_BEFORE] = gone


@kernel
def _advance(
    spans: Ints, facts: Ints, labels: Ints, gone: Number, drive_s: Number, wanted: Ints, place: Place
) -> Number:
    """Drive to a node and halt there in each label, none or some of the next breaks taken; return the earliest end.

    Data and state as a whole are not handed on from here: that would take longer than the walk itself.
    """
    earliest_s = np.int64(DEAD_S)
    breaks, ruled = facts[BREAKS], facts[UNTIL_REST_S] < FAR_S
    if breaks == 0:
        drive(spans, facts, labels[0], 0, 0, drive_s, ruled)
        _halt(spans, facts, labels[0], wanted, place)
        return labels[0, END]
    trial, best = labels[breaks + 1], labels[breaks + 2]
    for after in range(breaks, gone - 1, -1):
        # None may be left for later that is over by now; the label that takes none on this leg is carried on in place.
        best[END], label = DEAD_S, labels[after]
        by_s = spans[facts[FIRST_BREAK] + after, CLOSES_S] if after < breaks else np.int64(DEAD_S - 1)
        for taken in range(gone, after):
            if labels[taken, END] <= by_s:
                _copy(labels[taken], trial)
                drive(spans, facts, trial, taken, after, drive_s, ruled)
                if trial[END] < DEAD_S:
                    _halt(spans, facts, trial, wanted, place)
                if _comes_before(trial, best):
                    _copy(trial, best)
        # Where one that takes a break on this leg is away before it could be, it need not be carried on.
        if label[END] <= by_s and label[END] + drive_s + place[1] + place[2] <= best[END]:
            drive(spans, facts, label, after, after, drive_s, ruled)
            if label[END] < DEAD_S:
                _halt(spans, facts, label, wanted, place)
        else:
            label[END] = DEAD_S
        if best[END] < DEAD_S and not _comes_before(label, best):
            _copy(best, label)
        earliest_s = min(earliest_s, label[END])
    return earliest_s


@kernel
def _copy(source: Ints, target: Ints) -> None:
    for figure in range(source.size):
        target[figure] = source[figure]


@kernel
def _comes_before(label: Ints, other: Ints) -> bool:
    """Tell whether a label is kept rather than another one: earlier, less late, less driven, with a break begun."""
    if label[END] != other[END]:
        return bool(label[END] < other[END])
    if label[LATE] != other[LATE]:
        return bool(label[LATE] < other[LATE])
    if label[SINCE] != other[SINCE]:
        return bool(label[SINCE] < other[SINCE])
    return bool(label[SPLIT] > other[SPLIT])


@kernel
def _halt(spans: Ints, facts: Ints, label: Ints, wanted: Ints, place: Place) -> None:
    """Serve a stop, or load again, in a label after the drive there; it dies where that cannot be."""
    kind, setup_s, stay_s, release_s = place
    opens_s, closes_s, ready_s = np.int64(-FAR_S), np.int64(-FAR_S), label[END] + setup_s
    if kind == HOME:
        return
    if kind == RELOAD:
        may_s = max(ready_s, release_s)
        for row in range(wanted[FIRST_OPENING], wanted[END_OPENING]):
            if may_s <= spans[row, CLOSES_S]:
                opens_s, closes_s = max(release_s, spans[row, OPENS_S]), spans[row, CLOSES_S]
                break
        if closes_s < may_s:
            label[END] = DEAD_S
            return
    else:
        for row in range(wanted[FIRST_WINDOW], wanted[END_WINDOW]):
            if ready_s <= spans[row, CLOSES_S]:
                opens_s, closes_s = spans[row, OPENS_S], spans[row, CLOSES_S]
                break
        start_s = max(ready_s, opens_s)
        late_s = max(0, start_s - closes_s) if closes_s == -FAR_S else np.int64(0)
        if late_s > 0:
            late_s, closes_s = start_s - wanted[LATE_FROM_S], start_s
        if late_s > wanted[LATE_MOST_S] or start_s + stay_s > wanted[DUE_S]:
            label[END] = DEAD_S
            return
        closes_s = min(closes_s, wanted[DUE_S] - stay_s)
        label[LATE] += late_s
        label[PAID] += late_s * wanted[PER_LATE_S]
        if wanted[END_FEE] > wanted[FIRST_FEE]:
            label[PAID] += _start_fee(spans, wanted, start_s)
    label[END], label[DURATION] = ready_s, label[DURATION] + setup_s
    if opens_s > ready_s and facts[UNTIL_REST_S] < FAR_S:
        rest_while_waiting(facts, label, opens_s)
    end_s, duration_s, latest_s = through(label[END], label[DURATION], label[LATEST], opens_s, closes_s, stay_s)
    label[END], label[DURATION], label[LATEST] = end_s, duration_s, latest_s


@kernel
def _start_fee(spans: Ints, wanted: Ints, start_s: Number) -> Number:
    """Return what a stop charges for a start of service at an instant."""
    for row in range(wanted[END_FEE] - 1, wanted[FIRST_FEE] - 1, -1):
        if spans[row, FROM_S] <= start_s:
            return spans[row, FEE]
    return 0


@kernel
def _arrive(data: WalkData, own: Scratch, vehicle: Number) -> Number:
    """Return the label that is home earliest with all breaks that are due, -1 where there is none."""
    facts, found = data.fleet[vehicle], np.int64(-1)
    for taken in range(own.rows[SUMS, BREAKS_BEFORE], facts[BREAKS] + 1):
        end_s = own.labels[taken, END]
        due = taken < facts[BREAKS] and data.spans[facts[FIRST_BREAK] + taken, CLOSES_S] < end_s
        if end_s <= facts[HOME_S] and not due and (found < 0 or _comes_before(own.labels[taken], own.labels[found])):
            found = np.int64(taken)
    return found
