"""Breaks and rests: where they lie, how long they are, and that none is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from routing.plan.model import Leg, Rest
from routing.plan.verify.codes import Violation
from routing.plan.verify.facts import Driven


def rests_by_leg(driven: Driven) -> list[list[Rest]]:
    """Return the rests on each leg in the order told; those on no leg are left out."""
    by_leg: list[list[Rest]] = [[] for _ in driven.route.legs]
    for rest in driven.route.rests:
        if 0 <= rest.leg < len(by_leg):
            by_leg[rest.leg].append(rest)
    return by_leg


def pieces(leg: Leg, rests: Sequence[Rest]) -> Iterator[tuple[int, int]]:
    """Yield what is driven on a leg before each of its rests and after the last, and the waiting for the rest then.

    A driver goes on until a rest starts or the halt is reached; what is left is waited for the rest to begin.
    """
    now_s, left_s = leg.depart_s, leg.duration_s
    for rest in rests:
        drive_s = max(0, min(left_s, rest.start_s - now_s))
        yield drive_s, rest.start_s - now_s - drive_s
        now_s, left_s = rest.end_s, left_s - drive_s
    yield left_s, 0


def rest_places(driven: Driven) -> Iterator[Violation]:
    """Find rests that lie on no leg, before its departure, after its arrival, or in another rest."""
    free_s = driven.route.start_s
    for number, rest in enumerate(driven.route.rests):
        where = f"{driven.where}, rest {number}"
        known = 0 <= rest.leg < len(driven.route.legs)
        if not known or rest.end_s < rest.start_s:
            cause = "ends before it starts" if known else f"is on leg {rest.leg}, which the route does not have"
            yield Violation(code="REST_PLACE", where=where, cause=cause)
            continue
        leg = driven.route.legs[rest.leg]
        if rest.start_s < max(free_s, leg.depart_s):
            cause = f"starts {max(free_s, leg.depart_s) - rest.start_s} s before it can"
            yield Violation(code="REST_PLACE", where=where, cause=cause)
        elif rest.end_s > leg.arrive_s:
            cause = f"ends {rest.end_s - leg.arrive_s} s after its leg"
            yield Violation(code="REST_PLACE", where=where, cause=cause)
        free_s = rest.end_s


def pauses(driven: Driven) -> Iterator[Violation]:
    """Compare each leg's pause with its rests; it is longer only by waiting for a break whose window opens then."""
    if not driven.route.rests and not any(leg.pause_s for leg in driven.route.legs):
        return
    opens_s = {pause.id: pause.window.start_s for pause in driven.vehicle.breaks}
    for number, (leg, rests) in enumerate(zip(driven.route.legs, rests_by_leg(driven), strict=True)):
        where, needed_s = f"{driven.where}, leg {number}", sum(rest.end_s - rest.start_s for rest in rests)
        for rest, (_, waiting_s) in zip(rests, pieces(leg, rests), strict=False):
            if waiting_s > 0:
                needed_s += waiting_s
                if rest.break_id is None or opens_s.get(rest.break_id) != rest.start_s:
                    cause = f"stands still for {waiting_s} s before a rest that may begin before"
                    yield Violation(code="PAUSE", where=where, cause=cause)
        if leg.pause_s != needed_s:
            cause = f"pauses for {leg.pause_s} s, its rests take {needed_s} s"
            yield Violation(code="PAUSE", where=where, cause=cause)


def rest_kinds(driven: Driven) -> Iterator[Violation]:
    """Find rests that nothing asks for, and those that are none of the breaks that the driving rules know."""
    rules = driven.vehicle.driving_rules
    for number, rest in enumerate(driven.route.rests):
        if rest.break_id is not None:
            continue
        where, length_s = f"{driven.where}, rest {number}", rest.end_s - rest.start_s
        if rules is None or rules.driving_until_break_s is None:
            cause = "is for driving rules, which ask for none"
            yield Violation(code="REST_NEEDLESS", where=where, cause=cause)
        elif length_s not in (known := (rules.break_s, *(rules.split_s or ()))):
            cause = f"takes {length_s} s, breaks are {', '.join(map(str, known))} s long"
            yield Violation(code="REST_LENGTH", where=where, cause=cause)


def breaks(driven: Driven) -> Iterator[Violation]:
    """Find breaks that are missing, doubled, unknown or out of order; one that is not due may be taken."""
    route = driven.route
    taken = [rest.break_id for rest in route.rests if rest.break_id is not None]
    if not taken and not driven.vehicle.breaks:
        return
    known = [pause.id for pause in driven.vehicle.breaks]
    for break_id, count in Counter(taken).items():
        where = f"{driven.where}, break {break_id}"
        if break_id not in known:
            yield Violation(code="BREAK_UNKNOWN", where=where, cause="is no break of the vehicle")
        elif count > 1:
            yield Violation(code="BREAK_TWICE", where=where, cause=f"is taken {count} times")
    numbers = [known.index(break_id) for break_id in taken if break_id in known]
    if numbers != sorted(numbers):
        yield Violation(code="BREAK_ORDER", where=driven.where, cause=f"takes {', '.join(taken)}, not in their order")
    for pause in driven.vehicle.breaks:
        if route.start_s <= pause.window.end_s < route.end_s and pause.id not in taken:
            where = f"{driven.where}, break {pause.id}"
            yield Violation(code="BREAK_MISSING", where=where, cause="is due and not taken")


def break_times(driven: Driven) -> Iterator[Violation]:
    """Find breaks that begin outside their window, or are too short or too long."""
    named = {pause.id: pause for pause in driven.vehicle.breaks}
    for rest in driven.route.rests:
        pause = None if rest.break_id is None else named.get(rest.break_id)
        if pause is None:
            continue
        where, length_s = f"{driven.where}, break {pause.id}", rest.end_s - rest.start_s
        if not pause.window.start_s <= rest.start_s <= pause.window.end_s:
            early_s, late_s = pause.window.start_s - rest.start_s, rest.start_s - pause.window.end_s
            cause = f"begins {early_s} s before its window" if early_s > 0 else f"begins {late_s} s after its window"
            yield Violation(code="BREAK_WINDOW", where=where, cause=cause)
        if length_s != pause.duration_s:
            cause = f"takes {length_s} s, not {pause.duration_s} s"
            yield Violation(code="BREAK_DURATION", where=where, cause=cause)
