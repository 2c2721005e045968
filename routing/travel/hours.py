"""When something holds that is said in the words of https://wiki.openstreetmap.org/wiki/Key:opening_hours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import opening_hours

from routing.units import wall_clock_instant

ORDINARY_DAY = date(1970, 1, 6)
"""A Tuesday in January: what a day is taken for where no date is given."""
_WANTS_A_PLACE = re.compile(r"\b(PH|SH|sunrise|sunset|dawn|dusk)\b")
_DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Name the days for which times are wanted, on the clocks of a zone.

    Without a date they are ordinary working days from Tuesday on, none of them a holiday, and instants count from a
    midnight at 0.
    """

    day: date | None = None
    days: int = 2
    time_zone: str = "UTC"
    near_deg: tuple[float, float] | None = None
    """Latitude and longitude, for public holidays and for the sun."""

    @property
    def dates(self) -> tuple[date, ...]:
        """Return the days' dates."""
        first = self.day or ORDINARY_DAY
        return tuple(first + timedelta(days=ahead) for ahead in range(self.days))

    def instant(self, shown: date, second: int) -> int:
        """Return the instant at which the clocks show a second of a day."""
        if self.day is not None:
            return wall_clock_instant(shown, second, self.time_zone)
        return (shown - ORDINARY_DAY).days * _DAY_S + second

    @property
    def begin_s(self) -> int:
        """Return the first midnight."""
        return self.instant(self.dates[0], 0)

    @property
    def end_s(self) -> int:
        """Return the last midnight."""
        return self.instant(self.dates[-1], _DAY_S)

    def within(self, hours: str) -> tuple[tuple[int, int], ...]:
        """Return from when until when some hours hold; what they call unknown does not. ValueError for no such words.

        Where no date is given they are read on clocks without changes.
        """
        zone = ZoneInfo(self.time_zone if self.day is not None else "UTC")
        read = _parse(hours, zone, self.near_deg if self.day is not None else None)
        first = datetime(self.dates[0].year, self.dates[0].month, self.dates[0].day, tzinfo=zone)
        last = datetime(self.dates[-1].year, self.dates[-1].month, self.dates[-1].day, tzinfo=zone) + timedelta(days=1)
        shift_s = self.begin_s - int(first.timestamp())
        return tuple(
            (int(begin.timestamp()) + shift_s, int(end.timestamp()) + shift_s)
            for begin, end, state, _ in read.intervals(first, last)
            if str(state) == "open"
        )

    def holds_on(self, days: str, shown: date) -> bool:
        """Tell whether a day is one of some days, such as `Mo-Fr`, `Sa,PH`, or all of them (nothing)."""
        read = _parse(f"{days} 00:00-24:00", ZoneInfo("UTC"), self.near_deg if self.day is not None else None)
        noon = datetime(shown.year, shown.month, shown.day, 12, tzinfo=ZoneInfo("UTC"))
        return bool(read.is_open(noon))


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Say when something holds: between two instants, on some days, at some time of day; each may be left open."""

    from_s: int | None = None
    until_s: int | None = None
    days: str = ""
    """As in `Span.holds_on`."""
    time_from_s: int = 0
    """Seconds of the day."""
    time_to_s: int = _DAY_S
    """At or before `time_from_s` the next day's; the days are those of the beginning."""

    def within(self, span: Span) -> tuple[tuple[int, int], ...]:
        """Return from when until when it holds during the days of a span, in order."""
        return tuple(self._pieces(span))

    def _pieces(self, span: Span) -> Iterator[tuple[int, int]]:
        overnight = self.time_to_s <= self.time_from_s
        dates = span.dates if not overnight else (span.dates[0] - timedelta(days=1), *span.dates)
        for shown in dates:
            if self.days and not span.holds_on(self.days, shown):
                continue
            begin_s = span.instant(shown, self.time_from_s)
            end_s = span.instant(shown, self.time_to_s + (_DAY_S if overnight else 0))
            begin_s = max(begin_s, span.begin_s, begin_s if self.from_s is None else self.from_s)
            end_s = min(end_s, span.end_s, end_s if self.until_s is None else self.until_s)
            if begin_s < end_s:
                yield begin_s, end_s


ALWAYS = Period()


def names_days(days: str) -> bool:
    """Tell whether a text names days of the week or holidays and nothing else; nothing names all days."""
    # What ends here would leave the hours to stand for all days.
    whole = not set(days) & set(":;") and not days.rstrip().endswith(",")
    return whole and bool(opening_hours.validate(f"{days} 00:00-24:00"))


def _parse(hours: str, zone: ZoneInfo, near_deg: tuple[float, float] | None) -> opening_hours.OpeningHours:
    if not opening_hours.validate(hours):
        raise ValueError(f"{hours!r} is not read as hours")
    # Countries and their holidays take a second to load, so only what needs them asks for them.
    return opening_hours.OpeningHours(hours, timezone=zone, coords=near_deg if _WANTS_A_PLACE.search(hours) else None)
