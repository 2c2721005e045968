"""What changes road times for a while: traffic, closures, weather."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OnWay:
    """Name the arcs of an OSM way; direction is `forward`, `backward` or `both` as the way is drawn."""

    way_id: int
    direction: str = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class BetweenNodes:
    """Name the arcs that pass two OSM nodes of one road in this order (neighbours or not)."""

    from_osm_id: int
    to_osm_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlongLine:
    """Name the arcs along a line of (lat_deg, lon_deg) points, driven in its direction."""

    points_deg: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InPolygon:
    """Name the arcs that touch an area given as rings of (lat_deg, lon_deg) points, the first one outside."""

    rings_deg: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestTo:
    """Name the arcs that lie nearer to one of some (lat_deg, lon_deg) points than to the others, as of a grid."""

    points_deg: tuple[tuple[float, float], ...]
    index: int


Where = OnWay | BetweenNodes | AlongLine | InPolygon


@dataclass(frozen=True, slots=True, kw_only=True)
class Slowdown:
    """Slow arcs down by exactly one of: a speed factor, an absolute speed, a delay over the whole stretch."""

    where: Where
    speed_factor: float | None = None
    speed_kph: float | None = None
    delay_s: int | None = None
    from_s: int | None = None
    """Instant from which it holds; None: always has."""
    until_s: int | None = None
    """Instant at which it ends, or (with `fade_s`) begins to fade; None: not known."""
    fade_s: int | None = None
    """How long it takes to fade away, from `until_s` on, or from `from_s` on where no end is known; None: it does
    not fade, but ends at once."""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Close arcs: nothing enters them until the end, when what waits goes on; who stands on one may leave it."""

    where: Where
    from_s: int | None = None
    until_s: int | None = None
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening:
    """Open arcs again, whatever has closed them: a report, a speed file, or a rule of the map.

    Of the closures and reopenings in force on an arc the one that began last decides (`from_s`; None: before all
    others); where both began at once the arc is closed. So a report "open again at 10:00" lifts what began
    before, and a closure announced for 11:00 still comes. What the map closes at some hours counts as older than any
    report.
    """

    where: Where
    from_s: int | None = None
    until_s: int | None = None
    """Instant from which the older word holds again; None: it does not."""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Slow all arcs of an area (None: everywhere) by the class factors of a weather condition."""

    condition: str
    """A condition of the `WeatherTable` in use."""
    area: InPolygon | NearestTo | None = None
    from_s: int | None = None
    until_s: int | None = None
    fade_s: int | None = None
    """As with a slowdown: wet roads dry, and snow is cleared."""
    id: str = ""


Condition = Slowdown | Closure | Reopening | Weather


def fading_s(condition: Condition) -> tuple[int, int] | None:
    """Return from when on a condition fades, and until when; None: it does not, but ends at once if at all."""
    if isinstance(condition, (Closure, Reopening)) or condition.fade_s is None:
        return None
    begins_s = condition.from_s if condition.until_s is None else condition.until_s
    return None if begins_s is None else (begins_s, begins_s + condition.fade_s)
