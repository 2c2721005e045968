"""Drive one leg with its rests: breaks in windows, and those that legal driving times ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from routing.problem.driving_rules import DrivingRules
from routing.problem.vehicle import Break


class Driven(NamedTuple):
    """Tell how a leg ends, and where its rests lie."""

    arrive_s: int
    since_s: int
    """Driven since the last break."""
    split: bool
    """True where the first part of a break was taken since."""
    rests: tuple[tuple[int, int, str | None], ...]
    """Start, end and the id of the break, None for the driving rules."""
    missed: tuple[tuple[str, int], ...]
    """Breaks that began after their window, with the seconds."""


def drive_leg(
    rules: DrivingRules | None,
    breaks: Sequence[Break],
    leave_s: int,
    drive_s: int,
    since_s: int,
    *,
    split: bool,
) -> Driven:
    """Return the drive of so many seconds with all these breaks taken on it.

    The vehicle drives until it is there, its driving rules ask for a break, or the next of its breaks must begin.
    Where the rules ask for one and the next break's window is open that one is taken instead. Breaks that are left are
    taken on arrival.
    """
    until_s = rules.driving_until_break_s if rules is not None else None
    now_s, left_s, queue = leave_s, drive_s, list(breaks)
    rests: list[tuple[int, int, str | None]] = []
    missed: list[tuple[str, int]] = []
    while left_s or queue:
        to_rest_s = left_s if until_s is None else max(0, until_s - since_s)
        to_break_s = max(0, queue[0].window.end_s - now_s) if queue else left_s
        step_s = min(left_s, to_rest_s, to_break_s)
        now_s, left_s, since_s = now_s + step_s, left_s - step_s, since_s + step_s
        if queue and (not left_s or to_break_s == step_s or queue[0].window.start_s <= now_s):
            window, rest_s, break_id = queue[0].window, queue[0].duration_s, queue[0].id
            now_s = max(now_s, window.start_s)
            if now_s > window.end_s:
                missed.append((break_id, now_s - window.end_s))
            del queue[0]
            since_s, split = after_rest(rules, rest_s, since_s, split=split)
            rests.append((now_s, now_s + rest_s, break_id))
            now_s += rest_s
        elif left_s and rules is not None:
            rest_s = missing_s(rules, split=split)
            rests.append((now_s, now_s + rest_s, None))
            now_s, since_s, split = now_s + rest_s, 0, False
    return Driven(now_s, since_s, split, tuple(rests), tuple(missed))


def missing_s(rules: DrivingRules, *, split: bool) -> int:
    """Return the seconds of the break that is missing: a whole one, or the second part of one."""
    return rules.split_s[1] if split and rules.split_s is not None else rules.break_s


def after_rest(rules: DrivingRules | None, rest_s: int, since_s: int, *, split: bool) -> tuple[int, bool]:
    """Return what was driven since the last break, and whether its first part was taken, after a rest of any length.

    A first part counts only where something was driven before it: both parts lie in the period that they interrupt.
    """
    if rules is None:
        return since_s, split
    if rest_s >= min(rules.break_s, missing_s(rules, split=split)):
        return 0, False
    return since_s, split or (rules.split_s is not None and rest_s >= rules.split_s[0] and since_s > 0)


def rest_in_waiting_s(rules: DrivingRules | None, waiting_s: int, since_s: int, *, split: bool) -> int:
    """Return the seconds of a break that a waiting has room for and that the rules have a use for, 0 for none."""
    if rules is None or rules.driving_until_break_s is None or since_s == 0:
        return 0
    whole_s = missing_s(rules, split=split)
    if waiting_s >= whole_s:
        return whole_s
    return rules.split_s[0] if rules.split_s is not None and not split and waiting_s >= rules.split_s[0] else 0
