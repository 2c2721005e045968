"""Legal limits on driving, and what a driver has behind him when the route begins.

The figures are those of Regulation (EC) No 561/2006: breaks in Article 7, daily driving in Article 6(1), weekly and
fortnightly driving in Article 6(2) and 6(3), daily rest in Article 8(2) and 8(4). Only driving counts up to a break, at
one go or not (Article 4(q)), so that services, setups and waiting neither add to it nor end it; waiting is a break
where it is long enough, since a driver who waits for a window is free until then (Article 4(d)).

Not told here: weekly rest, two drivers on one vehicle, the daily rest in two parts of 3 and 9 hours, the hour or two
beyond the limits to reach a place to rest (Article 12), and a route over the end of a week, which counts for one.
"""

from __future__ import annotations

from dataclasses import dataclass

HOUR_S = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivingRules:
    """Limit driving without a break, driving in a day, and the span of a day's duty; None: no such limit."""

    driving_until_break_s: int | None = 4 * HOUR_S + 1_800
    """Article 7: after four and a half hours of driving a break, unless a rest begins, as at the end of the route."""
    break_s: int = 2_700
    split_s: tuple[int, int] | None = (900, 1_800)
    """Two parts, in this order and both after some driving, that may replace it; None: it is not split."""
    driving_limit_s: int | None = 9 * HOUR_S
    """Article 6(1): from one daily rest to the next (Article 4(k)); ten hours at most twice a week."""
    span_limit_s: int | None = 13 * HOUR_S
    """Article 8(2): within 24 hours of the last rest the next one is over, which takes 11 hours (9 where it is reduced,
    Article 8(4)), so that a day's duty spans 13 hours (15)."""
    week_limit_s: int | None = 56 * HOUR_S
    """Article 6(2): from Monday to Sunday (Article 4(i))."""
    fortnight_limit_s: int | None = 90 * HOUR_S
    """Article 6(3): in any two weeks that follow each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrivingClocks:
    """Tell what was driven before the route begins, since the last break, rest, week and fortnight."""

    driving_since_break_s: int = 0
    split_taken: bool = False
    """True where the first part of a split break was taken since."""
    driving_today_s: int = 0
    """Since the last daily rest ended, what was driven since the last break included."""
    on_duty_since_s: int | None = None
    """When the last daily rest ended; None: when the route begins."""
    driving_week_s: int = 0
    driving_fortnight_s: int = 0
    """Of this week and the one before it together."""


def eu_561(*, extended: bool = False, reduced_rest: bool = False) -> DrivingRules:
    """Return the rules of Regulation (EC) No 561/2006 for a day: a daily rest of 11 hours, 9 hours of driving.

    `extended` is one of the two days a week with 10 hours of driving, `reduced_rest` one of the three between two
    weekly rests that 9 hours of rest end. Who plans must count these days.
    """
    return DrivingRules(
        driving_limit_s=(10 if extended else 9) * HOUR_S,
        span_limit_s=(15 if reduced_rest else 13) * HOUR_S,
    )
