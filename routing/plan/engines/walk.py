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
    USE,
    Number,
    Scratch,
    WalkState,
)


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
    cost, tardy_s, depart_s = _priced(data, own, route, length, vehicle, first_s, facts[LAST_S])
    if facts[FIRST_S] < facts[LAST_S]:
        # Who leaves when the window of a break is over need not take it.
        for number in range(facts[BREAKS]):
            closes_s = data.spans[facts[FIRST_BREAK] + number, CLOSES_S]
            if (
                first_s <= closes_s < facts[END_S]
                and depart_s <= closes_s
                and _may_leave(data, route, vehicle, closes_s)
            ):
                later, late_s, then_s = _priced(data, own, route, length, vehicle, closes_s + 1, facts[LAST_S])
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
) -> tuple[Number, Number, Number]:
    """Return cost, lateness with overtime and departure of the best run that leaves between two instants."""
    last = _run(data, own, route, length, vehicle, first_s, last_s)
    if last < 0:
        return NOWHERE, FAR_S, np.int64(-FAR_S)
    depart_s = own.labels[last, END] - own.labels[last, DURATION]
    if data.facts[FEES] > 0 and depart_s > first_s:
        # What the starts cost is known only when the departure is.
        last = _run(data, own, route, length, vehicle, depart_s, depart_s)
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
) -> Number:
    """Carry the labels along a route that leaves between two instants; return the one that ends earliest, -1: none."""
    if first_s > last_s:
        return -1
    count, fleet, facts = data.stops.shape[0], data.fleet.shape[0], data.fleet[vehicle]
    _leave(data, own, vehicle, first_s, last_s)
    metres, drive_s, fees, trip = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    before, own.rows[REACHED, 0] = np.int64(count + vehicle), first_s
    for index in range(length + 1):
        node = count + fleet + vehicle
        if index < length:
            node = np.int64(route[index])
            if node >= count:
                node += 2 * fleet
                trip += 1
        leg = data.travel[facts[PROFILE], before, node]
        if leg[HOP_S] >= NO_ROAD_S:
            return -1
        metres += leg[METRES]
        drive_s += leg[DRIVE_S]
        if node < count:
            if data.service[node, vehicle, TOLL] == NOWHERE:
                return -1
            fees += data.service[node, vehicle, TOLL] + follow_fee(data, vehicle, node, before)
        setup_s = np.int64(leg[HOP_S]) - leg[DRIVE_S]
        reached_s = _advance(data, own, vehicle, node, np.int64(leg[DRIVE_S]), setup_s, own.rows[RELEASES, trip])
        if reached_s >= DEAD_S:
            return -1
        own.rows[REACHED, index + 1] = reached_s
        before = node
    own.rows[SUMS, ROUTE_METRES], own.rows[SUMS, ROUTE_DRIVE_S] = metres, drive_s
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
        gone += 1
    for taken in range(facts[BREAKS] + 1):
        own.labels[taken, END] = DEAD_S
    label = own.labels[gone]
    label[END], label[DURATION], label[LATEST], label[PAID], label[LATE] = first_s, 0, last_s, 0, 0
    label[SINCE], label[SPLIT] = facts[SINCE_S], facts[SPLIT_TAKEN]
    own.rows[SUMS, BREAKS_BEFORE] = gone


@kernel
def _advance(
    data: WalkData,
    own: Scratch,
    vehicle: Number,
    node: Number,
    drive_s: Number,
    setup_s: Number,
    release_s: Number,
) -> Number:
    """Drive to a node and halt there in each label, none or some of the next breaks taken; return the earliest end."""
    facts, labels, earliest_s = data.fleet[vehicle], own.labels, np.int64(DEAD_S)
    breaks, ruled = facts[BREAKS], facts[UNTIL_REST_S] < FAR_S
    if breaks == 0:
        drive(data, vehicle, labels[0], 0, 0, drive_s, ruled)
        _halt(data, vehicle, labels[0], node, setup_s, release_s)
        return labels[0, END]
    trial, best = labels[breaks + 1], labels[breaks + 2]
    for after in range(breaks, own.rows[SUMS, BREAKS_BEFORE] - 1, -1):
        best[END] = DEAD_S
        for taken in range(own.rows[SUMS, BREAKS_BEFORE], after + 1):
            due = after < breaks and data.spans[facts[FIRST_BREAK] + after, CLOSES_S] < labels[taken, END]
            if labels[taken, END] >= DEAD_S or due:
                continue
            _copy(labels[taken], trial)
            drive(data, vehicle, trial, taken, after, drive_s, ruled)
            if trial[END] < DEAD_S:
                _halt(data, vehicle, trial, node, setup_s, release_s)
            if _comes_before(trial, best):
                _copy(trial, best)
        _copy(best, labels[after])
        earliest_s = min(earliest_s, best[END])
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
def _halt(data: WalkData, vehicle: Number, label: Ints, node: Number, setup_s: Number, release_s: Number) -> None:
    """Serve a stop, or load again, in a label after the drive there; it dies where that cannot be."""
    opens_s, closes_s, ready_s = np.int64(-FAR_S), np.int64(-FAR_S), label[END] + setup_s
    if node >= data.stops.shape[0]:
        depot = node - data.stops.shape[0] - 2 * data.fleet.shape[0]
        if depot < 0:
            return  # home
        stay_s, may_s = data.depots[depot, DEPOT_STAY_S], max(ready_s, release_s)
        for row in range(data.depots[depot, FIRST_OPENING], data.depots[depot, END_OPENING]):
            if may_s <= data.spans[row, CLOSES_S]:
                opens_s, closes_s = max(release_s, data.spans[row, OPENS_S]), data.spans[row, CLOSES_S]
                break
        if closes_s < may_s:
            label[END] = DEAD_S
            return
    else:
        facts, stay_s = data.stops[node], data.service[node, vehicle, STAY_S]
        for row in range(facts[FIRST_WINDOW], facts[END_WINDOW]):
            if ready_s <= data.spans[row, CLOSES_S]:
                opens_s, closes_s = data.spans[row, OPENS_S], data.spans[row, CLOSES_S]
                break
        start_s = max(ready_s, opens_s)
        late_s = max(0, start_s - closes_s) if closes_s == -FAR_S else np.int64(0)
        if late_s > 0:
            late_s, closes_s = start_s - facts[LATE_FROM_S], start_s
        if late_s > facts[LATE_MOST_S] or start_s + stay_s > facts[DUE_S]:
            label[END] = DEAD_S
            return
        closes_s = min(closes_s, facts[DUE_S] - stay_s)
        label[LATE] += late_s
        label[PAID] += late_s * facts[PER_LATE_S]
        if facts[END_FEE] > facts[FIRST_FEE]:
            label[PAID] += _start_fee(data, node, start_s)
    label[END], label[DURATION] = ready_s, label[DURATION] + setup_s
    if opens_s > ready_s and data.fleet[vehicle, UNTIL_REST_S] < FAR_S:
        rest_while_waiting(data.fleet[vehicle], label, opens_s)
    end_s, duration_s, latest_s = through(label[END], label[DURATION], label[LATEST], opens_s, closes_s, stay_s)
    label[END], label[DURATION], label[LATEST] = end_s, duration_s, latest_s


@kernel
def _start_fee(data: WalkData, stop: Number, start_s: Number) -> Number:
    """Return what a stop charges for a start of service at an instant."""
    for row in range(data.stops[stop, END_FEE] - 1, data.stops[stop, FIRST_FEE] - 1, -1):
        if data.spans[row, FROM_S] <= start_s:
            return data.spans[row, FEE]
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
