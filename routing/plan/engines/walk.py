"""Price a route by walking it from its start; compiled.

A label holds what a route is like at a halt after some of the vehicle's breaks: the earliest end, the shortest duration
and the latest begin (duration segments, see `route_state`), so that a later departure is known where it saves waiting.
A break on a leg is a halt of its own with a window. Of labels that have taken as many breaks the one that ends earliest
is kept. The rests of driving rules are taken while waiting where that is long enough, else as late as allowed.
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
    PAUSE_S,
    PER_DUTY_S,
    PER_LATE_S,
    PER_METRE,
    PER_OVER_S,
    PER_SQUARE,
    PROFILE,
    REST_S,
    SINCE_S,
    SPLIT_FIRST_S,
    SPLIT_SECOND_S,
    SPLIT_TAKEN,
    STAY_S,
    TOLL,
    UNTIL_REST_S,
    WalkData,
)
from routing.plan.engines.walk_loads import holds
from routing.plan.engines.walk_state import (
    BREAKS_BEFORE,
    DURATION,
    END,
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
    USE,
    Number,
    Scratch,
    WalkState,
)

DEAD_S = 1 << 40
"""Stands as the end of a label that cannot be."""
FIGURES_OF_A_LABEL = 6


@kernel
def walk(
    data: WalkData, state: WalkState, own: Scratch, route: NDArray[np.int32], length: Number, vehicle: Number
) -> Number:
    """Return the cost of an order for a vehicle, `NOWHERE` where it breaks a rule; 0 where it need not leave."""
    facts = data.fleet[vehicle]
    if length == 0 and facts[OUT] == 0:
        for depot in range(data.depots.shape[0]):
            own.rows[USE + depot, :] = 0
        own.rows[REACHED, 0], own.rows[RELEASES, 0] = facts[FIRST_S], -FAR_S
        return 0
    if not holds(data, state, own, route, length, vehicle):
        return NOWHERE
    first_s = max(facts[FIRST_S], own.rows[RELEASES, 0])
    last = _run(data, own, route, length, vehicle, first_s, facts[LAST_S])
    if last < 0:
        return NOWHERE
    if data.facts[FEES] > 0:
        depart_s = own.labels[last, END] - own.labels[last, DURATION]
        if depart_s > first_s:
            # What the starts cost is known only when the departure is.
            last = _run(data, own, route, length, vehicle, depart_s, depart_s)
            if last < 0:
                return NOWHERE
    return _price(data, own, length, vehicle, last)


@kernel
def _price(data: WalkData, own: Scratch, length: Number, vehicle: Number, last: Number) -> Number:
    """Return what the route of the last run costs, `NOWHERE` where it breaks a limit."""
    facts, metres = data.fleet[vehicle], own.rows[SUMS, ROUTE_METRES]
    duty_s, end_s = own.labels[last, DURATION], own.labels[last, END]
    if (
        duty_s > facts[MOST_DURATION_S]
        or metres > facts[MOST_METRES]
        or own.rows[SUMS, ROUTE_DRIVE_S] > facts[MOST_DRIVE_S]
    ):
        return NOWHERE
    cost = metres * facts[PER_METRE] + own.rows[SUMS, ROUTE_FEES] + own.labels[last, PAID] + duty_s * facts[PER_DUTY_S]
    cost += max(0, end_s - facts[END_S]) * facts[PER_OVER_S] + duty_s * duty_s * data.facts[PER_SQUARE] // 18
    return int(cost + (facts[FIXED] if length > 0 else 0))


@kernel
def _run(
    data: WalkData,
    own: Scratch,
    route: NDArray[np.int32],
    length: Number,
    vehicle: Number,
    first_s: Number,
    last_s: Number,
) -> Number:
    """Carry the labels along a route that leaves between two instants; return the one that ends earliest, -1: none."""
    if first_s > last_s:
        return -1
    count, fleet, facts = data.stops.shape[0], data.fleet.shape[0], data.fleet[vehicle]
    labels, plain = own.labels, facts[BREAKS] == 0 and facts[UNTIL_REST_S] >= FAR_S
    _leave(data, own, vehicle, first_s, last_s)
    metres, drive_s, fees, trip = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    before, own.rows[REACHED, 0] = np.int64(count + vehicle), first_s
    for index in range(length):
        entry = np.int64(route[index])
        node = entry if entry < count else entry + 2 * fleet
        leg = data.travel[facts[PROFILE], before, node]
        if leg[HOP_S] >= NO_ROAD_S:
            return -1
        metres += leg[METRES]
        drive_s += leg[DRIVE_S]
        if plain:
            labels[0, END] += leg[DRIVE_S]
            labels[0, DURATION] += leg[DRIVE_S]
        else:
            _drive(data, own, vehicle, np.int64(leg[DRIVE_S]))
        setup_s = np.int64(leg[HOP_S]) - leg[DRIVE_S]
        if entry < count:
            reached_s = _serve(data, own, vehicle, entry, setup_s)
            fees += data.service[entry, vehicle, TOLL] + follow_fee(data, vehicle, entry, before)
        else:
            trip += 1
            reached_s = _load_again(data, own, vehicle, entry - count, own.rows[RELEASES, trip])
        own.rows[REACHED, index + 1] = reached_s
        if reached_s >= DEAD_S:
            return -1
        before = node
    leg = data.travel[facts[PROFILE], before, count + fleet + vehicle]
    if leg[HOP_S] >= NO_ROAD_S:
        return -1
    if plain:
        labels[0, END] += leg[DRIVE_S]
        labels[0, DURATION] += leg[DRIVE_S]
    else:
        _drive(data, own, vehicle, np.int64(leg[DRIVE_S]))
    own.rows[SUMS, ROUTE_METRES], own.rows[SUMS, ROUTE_DRIVE_S] = metres + leg[METRES], drive_s + leg[DRIVE_S]
    own.rows[SUMS, ROUTE_FEES] = fees
    return _arrive(data, own, vehicle)


@kernel
def follow_fee(data: WalkData, vehicle: Number, stop: Number, before: Number) -> Number:
    """Return what a stop charges for not coming after a certain node on a certain vehicle."""
    facts = data.stops[stop]
    spared = facts[FOLLOW_NODE] == before and facts[FOLLOW_VEHICLE] == vehicle
    return np.int64(0) if spared else facts[FOLLOW_COST]


@kernel
def _leave(data: WalkData, own: Scratch, vehicle: Number, first_s: Number, last_s: Number) -> None:
    """Set the labels of the start: one, after the breaks that are over before the earliest departure."""
    facts, gone = data.fleet[vehicle], np.int64(0)
    while gone < facts[BREAKS] and data.spans[facts[FIRST_BREAK] + gone, CLOSES_S] < first_s:
        own.labels[gone, END] = DEAD_S
        gone += 1
    for taken in range(gone, facts[BREAKS] + 1):
        own.labels[taken, END] = DEAD_S
    label = own.labels[gone]
    label[END], label[DURATION], label[LATEST], label[PAID] = first_s, 0, last_s, 0
    label[SINCE], label[SPLIT] = facts[SINCE_S], facts[SPLIT_TAKEN]
    own.rows[SUMS, BREAKS_BEFORE] = gone


@kernel
def through(
    end_s: Number, duration_s: Number, latest_s: Number, opens_s: Number, closes_s: Number, stay_s: Number
) -> tuple[Number, Number, Number]:
    """Return end, duration and latest begin of a stretch and a halt that begins between two instants."""
    wait_s = max(opens_s - duration_s - latest_s, 0)
    early_s = max(opens_s - duration_s, end_s - duration_s) - wait_s
    latest_s = min(closes_s - duration_s, latest_s)
    duration_s += stay_s + wait_s
    return early_s + duration_s, duration_s, latest_s


@kernel
def _serve(data: WalkData, own: Scratch, vehicle: Number, stop: Number, setup_s: Number) -> Number:
    """Serve a stop in each label after the drive there; return the earliest end, `DEAD_S` where it cannot be."""
    facts, stay_s, earliest_s = data.stops[stop], data.service[stop, vehicle, STAY_S], np.int64(DEAD_S)
    for taken in range(own.rows[SUMS, BREAKS_BEFORE], data.fleet[vehicle, BREAKS] + 1):
        label = own.labels[taken]
        if label[END] >= DEAD_S:
            continue
        ready_s, shift_s, latest_s = label[END] + setup_s, label[DURATION] + setup_s, label[LATEST]
        opens_s, closes_s, found = np.int64(-FAR_S), np.int64(ready_s), False
        for window in range(facts[FIRST_WINDOW], facts[END_WINDOW]):
            if ready_s <= data.spans[window, CLOSES_S]:
                opens_s, closes_s, found = data.spans[window, OPENS_S], data.spans[window, CLOSES_S], True
                break
        late_s = np.int64(0) if found else ready_s - facts[LATE_FROM_S]
        start_s = max(ready_s, opens_s)
        if late_s > facts[LATE_MOST_S] or start_s + stay_s > facts[DUE_S]:
            label[END] = DEAD_S
            continue
        if opens_s > ready_s:
            ready_s, shift_s, latest_s = _rest_while_waiting(data, label, vehicle, ready_s, shift_s, latest_s, opens_s)
        closes_s = min(closes_s, facts[DUE_S] - stay_s)
        end_s, duration_s, latest_s = through(ready_s, shift_s, latest_s, opens_s, closes_s, stay_s)
        label[END], label[DURATION], label[LATEST] = end_s, duration_s, latest_s
        label[PAID] += late_s * facts[PER_LATE_S]
        if facts[END_FEE] > facts[FIRST_FEE]:
            label[PAID] += _start_fee(data, stop, start_s)
        earliest_s = min(earliest_s, _unless_due(data, vehicle, label, taken))
    return earliest_s


@kernel
def _unless_due(data: WalkData, vehicle: Number, label: Ints, taken: Number) -> Number:
    """Return the end of a label; where the next break was to be taken before that there is no such label."""
    facts = data.fleet[vehicle]
    if taken < facts[BREAKS] and label[END] > data.spans[facts[FIRST_BREAK] + taken, CLOSES_S]:
        label[END] = DEAD_S
    return int(label[END])


@kernel
def _start_fee(data: WalkData, stop: Number, start_s: Number) -> Number:
    """Return what a stop charges for a start of service at an instant."""
    for row in range(data.stops[stop, END_FEE] - 1, data.stops[stop, FIRST_FEE] - 1, -1):
        if data.spans[row, FROM_S] <= start_s:
            return data.spans[row, FEE]
    return 0


@kernel
def _load_again(data: WalkData, own: Scratch, vehicle: Number, depot: Number, release_s: Number) -> Number:
    """Reload in each label after the drive to a depot; return the earliest end, `DEAD_S` where it cannot be."""
    facts, earliest_s = data.depots[depot], np.int64(DEAD_S)
    for taken in range(own.rows[SUMS, BREAKS_BEFORE], data.fleet[vehicle, BREAKS] + 1):
        label = own.labels[taken]
        if label[END] >= DEAD_S:
            continue
        ready_s, shift_s, latest_s = label[END], label[DURATION], label[LATEST]
        opens_s, closes_s = np.int64(DEAD_S), np.int64(0)
        for row in range(facts[FIRST_OPENING], facts[END_OPENING]):
            if max(ready_s, release_s, data.spans[row, OPENS_S]) <= data.spans[row, CLOSES_S]:
                opens_s, closes_s = max(release_s, data.spans[row, OPENS_S]), data.spans[row, CLOSES_S]
                break
        if opens_s >= DEAD_S:
            label[END] = DEAD_S
            continue
        if opens_s > ready_s:
            ready_s, shift_s, latest_s = _rest_while_waiting(data, label, vehicle, ready_s, shift_s, latest_s, opens_s)
        end_s, duration_s, latest_s = through(ready_s, shift_s, latest_s, opens_s, closes_s, facts[DEPOT_STAY_S])
        label[END], label[DURATION], label[LATEST] = end_s, duration_s, latest_s
        earliest_s = min(earliest_s, _unless_due(data, vehicle, label, taken))
    return earliest_s


@kernel
def _rest_while_waiting(
    data: WalkData, label: Ints, vehicle: Number, ready_s: Number, shift_s: Number, latest_s: Number, opens_s: Number
) -> tuple[Number, Number, Number]:
    """Take the rest that is missing, or its first part, while waiting where that is long enough, and keep it so."""
    facts = data.fleet[vehicle]
    rest_s = np.int64(0)
    if facts[UNTIL_REST_S] < FAR_S and label[SINCE] > 0:
        missing_s = facts[SPLIT_SECOND_S] if label[SPLIT] > 0 else facts[REST_S]
        if opens_s - ready_s >= missing_s:
            rest_s, label[SINCE], label[SPLIT] = missing_s, 0, 0
        elif label[SPLIT] == 0 and opens_s - ready_s >= facts[SPLIT_FIRST_S]:
            rest_s, label[SPLIT] = facts[SPLIT_FIRST_S], 1
    if rest_s > 0:
        return through(ready_s, shift_s, latest_s, np.int64(-FAR_S), opens_s - rest_s, rest_s)
    return ready_s, shift_s, latest_s


@kernel
def _arrive(data: WalkData, own: Scratch, vehicle: Number) -> Number:
    """Return the label that is home earliest with all breaks that are due, -1 where there is none."""
    facts, found, earliest_s = data.fleet[vehicle], np.int64(-1), np.int64(DEAD_S)
    for taken in range(own.rows[SUMS, BREAKS_BEFORE], facts[BREAKS] + 1):
        end_s = own.labels[taken, END]
        due = taken < facts[BREAKS] and data.spans[facts[FIRST_BREAK] + taken, CLOSES_S] < end_s
        if end_s < earliest_s and end_s <= facts[HOME_S] and not due:
            found, earliest_s = np.int64(taken), end_s
    return found


@kernel
def _drive(data: WalkData, own: Scratch, vehicle: Number, drive_s: Number) -> None:
    """Drive a leg in each label, and take none, one or several of the next breaks on it."""
    labels, facts = own.labels, data.fleet[vehicle]
    ruled = facts[UNTIL_REST_S] < FAR_S
    for after in range(facts[BREAKS], own.rows[SUMS, BREAKS_BEFORE] - 1, -1):
        best_s, best_from = np.int64(DEAD_S), np.int64(-1)
        for taken in range(own.rows[SUMS, BREAKS_BEFORE], after + 1):
            if labels[taken, END] < DEAD_S:
                end_s, _, _, _, _ = _over(data, own, vehicle, taken, after, drive_s, ruled)
                if end_s < best_s:
                    best_s, best_from = end_s, np.int64(taken)
        if best_from < 0:
            labels[after, END] = DEAD_S
            continue
        end_s, duration_s, latest_s, since_s, split = _over(data, own, vehicle, best_from, after, drive_s, ruled)
        labels[after, PAID] = labels[best_from, PAID]
        labels[after, END], labels[after, DURATION], labels[after, LATEST] = end_s, duration_s, latest_s
        labels[after, SINCE], labels[after, SPLIT] = since_s, split


@kernel
def _over(
    data: WalkData, own: Scratch, vehicle: Number, taken: Number, after: Number, drive_s: Number, ruled: bool
) -> tuple[Number, Number, Number, Number, Number]:
    """Return end, duration, latest begin, drive since the last rest and split of a label after a leg with breaks.

    A break is taken on arrival, or where its window closes before that, on the way.
    """
    facts, label = data.fleet[vehicle], own.labels[taken]
    since_s, split, free_s = label[SINCE], label[SPLIT], label[END]
    end_s, duration_s, latest_s = label[END], label[DURATION], label[LATEST]
    left_s, gone_s = drive_s, np.int64(0)
    for number in range(taken, after):
        span = data.spans[facts[FIRST_BREAK] + number]
        opens_s, closes_s, pause_s = span[OPENS_S], span[CLOSES_S], span[PAUSE_S]
        free_s = max(free_s, opens_s)
        if free_s > closes_s:
            return DEAD_S, 0, 0, 0, 0
        free_s += pause_s
        ahead_s = min(left_s, max(0, closes_s - end_s)) if ruled else left_s
        rest_s = np.int64(0)
        if ruled:
            rest_s, since_s, split = _rests(facts, since_s, split, ahead_s)
        left_s, gone_s = left_s - ahead_s, gone_s + ahead_s + rest_s
        end_s, duration_s = end_s + ahead_s + rest_s, duration_s + ahead_s + rest_s
        # Who leaves before the window closes may also take the break on the way: then he arrives as late.
        latest_begin_s = max(end_s, closes_s + gone_s)
        end_s, duration_s, latest_s = through(end_s, duration_s, latest_s, opens_s, latest_begin_s, pause_s)
        if ruled:
            if pause_s >= facts[REST_S] or (split > 0 and pause_s >= facts[SPLIT_SECOND_S]):
                since_s, split = np.int64(0), np.int64(0)
            elif pause_s >= facts[SPLIT_FIRST_S]:
                split = np.int64(1)
    if ruled:
        rest_s, since_s, split = _rests(facts, since_s, split, left_s)
        end_s, duration_s = end_s + rest_s, duration_s + rest_s
    return end_s + left_s, duration_s + left_s, latest_s, since_s, split


@kernel
def _rests(facts: Ints, since_s: Number, split: Number, drive_s: Number) -> tuple[Number, Number, Number]:
    """Return how long rests on the way are, each as late as the rules allow, and the drive since the last and split."""
    rest_s = np.int64(0)
    while since_s + drive_s > facts[UNTIL_REST_S]:
        drive_s -= facts[UNTIL_REST_S] - since_s
        rest_s += facts[SPLIT_SECOND_S] if split > 0 else facts[REST_S]
        since_s, split = np.int64(0), np.int64(0)
    return rest_s, since_s + drive_s, split
