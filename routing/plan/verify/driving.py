"""Driving rules: no more is driven, and no longer, than the law allows.

Regulation (EC) No 561/2006: breaks in Article 7, daily driving in Article 6(1), weeks in Article 6(2) and 6(3), the
span of a day's duty in Article 8(2).
"""

from __future__ import annotations

from collections.abc import Iterator

from routing.plan.verify.codes import Violation
from routing.plan.verify.facts import Driven
from routing.plan.verify.rests import pieces, rests_by_leg


def driving_breaks(driven: Driven) -> Iterator[Violation]:
    """Walk along the legs and find where more is driven since the last break than allowed.

    A break is one that is long enough, or the two parts of one in their order, the first after some driving; a break of
    the vehicle counts too.
    """
    rules, clocks = driven.vehicle.driving_rules, driven.vehicle.driving_clocks
    if rules is None or rules.driving_until_break_s is None:
        return
    since_s, first_taken = clocks.driving_since_break_s, clocks.split_taken
    limit_s, parts = rules.driving_until_break_s, rules.split_s
    for number, (leg, rests) in enumerate(zip(driven.route.legs, rests_by_leg(driven), strict=True)):
        lengths_s = [*(rest.end_s - rest.start_s for rest in rests), 0]
        for (drive_s, _), length_s in zip(pieces(leg, rests), lengths_s, strict=True):
            since_s += drive_s
            if drive_s and since_s > limit_s:
                cause = f"drives {since_s} s without a break, {limit_s} s are allowed"
                yield Violation(code="DRIVING_BREAK", where=f"{driven.where}, leg {number}", cause=cause)
            whole = length_s >= rules.break_s
            if whole or (parts is not None and first_taken and length_s >= parts[1]):
                since_s, first_taken = 0, False
            elif parts is not None and length_s >= parts[0] and since_s > 0:
                first_taken = True


def driving_sums(driven: Driven) -> Iterator[Violation]:
    """Find more driving in a day, a week or two weeks than allowed, with what the driver brings in."""
    rules, clocks = driven.vehicle.driving_rules, driven.vehicle.driving_clocks
    if rules is None or driven.straight_home:
        return
    drive_s = sum(leg.duration_s for leg in driven.route.legs)
    for code, before_s, limit_s in (
        ("DRIVING_DAY", clocks.driving_today_s, rules.driving_limit_s),
        ("DRIVING_WEEK", clocks.driving_week_s, rules.week_limit_s),
        ("DRIVING_FORTNIGHT", clocks.driving_fortnight_s, rules.fortnight_limit_s),
    ):
        if limit_s is not None and before_s + drive_s > limit_s:
            cause = f"drives {drive_s} s after {before_s} s before, {limit_s} s are allowed"
            yield Violation(code=code, where=driven.where, cause=cause)


def span(driven: Driven) -> Iterator[Violation]:
    """Find a day's duty that ends too long after it began."""
    rules, clocks = driven.vehicle.driving_rules, driven.vehicle.driving_clocks
    if rules is None or rules.span_limit_s is None or driven.straight_home:
        return
    since_s = driven.route.start_s if clocks.on_duty_since_s is None else clocks.on_duty_since_s
    if driven.route.end_s - since_s > rules.span_limit_s:
        cause = f"ends {driven.route.end_s - since_s} s after its duty began, {rules.span_limit_s} s are allowed"
        yield Violation(code="SPAN", where=driven.where, cause=cause)
