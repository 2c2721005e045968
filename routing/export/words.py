"""Say times and windows in the words of a sheet of paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from routing.export.schema import RestDocument, VisitDocument
from routing.units import format_duration

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""Written out here because `strftime` speaks the language of the machine."""


def clock(instant: str, day: str) -> str:
    """Return HH:MM of an ISO instant on local clocks, with +1 d or -1 d where it is not on the day."""
    moment = datetime.fromisoformat(instant)
    days = (moment.date() - date.fromisoformat(day)).days
    return f"{moment:%H:%M}" + (f" ({days:+d} d)" if days else "")


def windows_words(windows: tuple[tuple[str, str], ...], day: str) -> str:
    """Return windows as `08:00–10:00, 14:00–16:00`, or `any time`."""
    return ", ".join(f"{clock(start, day)}–{clock(end, day)}" for start, end in windows) or "any time"


def distance_words(distance_m: int) -> str:
    """Return a distance as `850 m` or `12.3 km`."""
    return f"{distance_m} m" if distance_m < 1000 else f"{distance_m / 1000:.1f} km"


def minutes_between(earlier: str, later: str) -> int:
    """Return the minutes from one ISO instant to another, negative where the second comes first."""
    return round((datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds() / 60)


def weekday_words(day: str) -> str:
    """Return a date as `Monday 23 November 2026`."""
    moment = date.fromisoformat(day)
    return f"{_WEEKDAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def load_words(load: int, loads: Mapping[str, int]) -> str:
    """Return loads as `3`, `3 + 2 cold` or `2 cold`."""
    named = [f"{amount} {name}" for name, amount in loads.items() if amount]
    return " + ".join([*([str(load)] if load or not named else []), *named])


def goods_words(visit: VisitDocument) -> str:
    """Return what a driver hands over and takes at a stop, `unload 3, collect 1`."""
    shipment = visit.shipment
    parts = []
    if shipment is not None:
        verb, other = ("pick up", "for") if shipment.role == "pickup" else ("hand over", "from")
        parts.append(f"{verb} {load_words(shipment.load, shipment.loads)} {other} {shipment.other_stop_id}")
    if visit.pickup_load or visit.pickup_loads:
        parts.append(f"collect {load_words(visit.pickup_load, visit.pickup_loads)}")
    if visit.load or visit.loads or not parts:
        parts.insert(0, f"unload {load_words(visit.load, visit.loads)}")
    return ", ".join(parts)


def rest_words(rest: RestDocument, day: str) -> str:
    """Return a rest as `rest 12:00–12:45 (45 min)`, with the name of a break that has one of its own."""
    length_s = int((datetime.fromisoformat(rest.end) - datetime.fromisoformat(rest.start)).total_seconds())
    name = f" {rest.break_id}" if rest.break_id is not None else ""
    return f"rest{name} {clock(rest.start, day)}–{clock(rest.end, day)} ({format_duration(length_s)})"


def hours_words(duration_s: int) -> str:
    """Return a duration as `h:mm`, for columns of figures."""
    minutes = round(duration_s / 60)
    return f"{minutes // 60}:{minutes % 60:02}"
