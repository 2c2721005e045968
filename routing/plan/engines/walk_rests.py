"""Take breaks and the rests of driving rules in a label of a walked route; compiled.

The policy is that of `plan.resting`.
"""

from __future__ import annotations

import numpy as np

from routing.plan.engines.compiled import kernel
from routing.plan.engines.rules import FAR_S
from routing.plan.engines.walk_data import (
    CLOSES_S,
    FIRST_BREAK,
    OPENS_S,
    PAUSE_S,
    REST_S,
    SPLIT_FIRST_S,
    SPLIT_SECOND_S,
    UNTIL_REST_S,
)
from routing.plan.engines.walk_state import DURATION, END, LATEST, SINCE, SPLIT, Ints, Number

DEAD_S = 1 << 40
"""Stands as the end of a label that cannot be."""


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
def drive(spans: Ints, facts: Ints, label: Ints, taken: Number, after: Number, drive_s: Number, ruled: bool) -> None:
    """Carry a label over a leg on which the breaks from `taken` to before `after` are taken; it may die.

    Each is taken when its window closes, when a rest is asked for, or else on arrival. Who leaves later, but before
    a window closes, arrives as if all were taken then.
    """
    left_s, gone_s, number = drive_s, np.int64(0), taken
    if not ruled and number == after:
        label[END] += drive_s
        label[DURATION] += drive_s
        return
    while left_s > 0 or number < after:
        step_s = min(left_s, max(0, facts[UNTIL_REST_S] - label[SINCE])) if ruled else left_s
        span = spans[min(facts[FIRST_BREAK] + number, spans.shape[0] - 1)]
        if number < after:
            step_s = min(step_s, max(0, span[CLOSES_S] - label[END]))
        left_s, gone_s = left_s - step_s, gone_s + step_s
        label[END] += step_s
        label[DURATION] += step_s
        label[SINCE] += step_s
        if number < after and (left_s == 0 or label[END] >= span[CLOSES_S] or span[OPENS_S] <= label[END]):
            pause_s, opens_s = span[PAUSE_S], span[OPENS_S]
            latest_s = max(label[END], span[CLOSES_S]) if ruled else span[CLOSES_S] + gone_s
            if label[END] > span[CLOSES_S]:
                label[END] = DEAD_S
                return
            number += 1
            if ruled:
                _rested(facts, label, pause_s)
        else:
            pause_s = facts[SPLIT_SECOND_S] if label[SPLIT] > 0 else facts[REST_S]
            opens_s, latest_s = np.int64(-FAR_S), np.int64(FAR_S)
            if left_s == 0:
                return
            label[SINCE] = label[SPLIT] = 0
        end_s, duration_s, begin_s = through(label[END], label[DURATION], label[LATEST], opens_s, latest_s, pause_s)
        label[END], label[DURATION], label[LATEST] = end_s, duration_s, begin_s


@kernel
def _rested(facts: Ints, label: Ints, pause_s: Number) -> None:
    """Note a rest of any length: the one that is missing, or its first part where something was driven before."""
    if pause_s >= facts[REST_S] or (label[SPLIT] > 0 and pause_s >= facts[SPLIT_SECOND_S]):
        label[SINCE] = label[SPLIT] = 0
    elif pause_s >= facts[SPLIT_FIRST_S] and label[SINCE] > 0:
        label[SPLIT] = 1


@kernel
def rest_while_waiting(facts: Ints, label: Ints, opens_s: Number) -> None:
    """Take the rest that is missing, or its first part, while waiting where that is long enough, and keep it so."""
    missing_s = facts[SPLIT_SECOND_S] if label[SPLIT] > 0 else facts[REST_S]
    wait_s, rest_s = opens_s - label[END], np.int64(0)
    if label[SINCE] == 0:
        return
    if wait_s >= missing_s:
        rest_s = missing_s
    elif label[SPLIT] == 0 and wait_s >= facts[SPLIT_FIRST_S]:
        rest_s = facts[SPLIT_FIRST_S]
    if rest_s > 0:
        _rested(facts, label, rest_s)
        end_s, duration_s, begin_s = through(
            label[END], label[DURATION], label[LATEST], np.int64(-FAR_S), opens_s - rest_s, rest_s
        )
        label[END], label[DURATION], label[LATEST] = end_s, duration_s, begin_s
