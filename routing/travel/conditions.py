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
    """Instant at which it ends; None: not known."""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Close arcs: nothing enters them until the end, when what waits goes on; who stands on one may leave it."""

    where: Where
    from_s: int | None = None
    until_s: int | None = None
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Slow all arcs of an area (None: everywhere) by the class factors of a weather condition."""

    condition: str
    """A key of `WEATHER_FACTORS`."""
    area: InPolygon | None = None
    from_s: int | None = None
    until_s: int | None = None
    id: str = ""


Condition = Slowdown | Closure | Weather

WEATHER_FACTORS: dict[str, float] = {
    "dry": 1.0,
    "rain_light": 0.95,
    "rain": 0.88,
    "rain_heavy": 0.80,
    "snow_light": 0.85,
    "snow": 0.70,
    "snow_heavy": 0.60,
    "ice": 0.60,
    "fog": 0.88,
    "storm": 0.95,
}
"""Share of speed that remains on urban roads, from the capacity losses of HCM 2010 Exhibit 10-15 and the arterial speed
losses that FHWA gives for wet (10 to 25 %) and snowy or slushy pavement (30 to 40 %). Rain is light below 2.5 mm/h and
heavy above 6.4 mm/h, fog is a sight below 400 m, storm means gusts above 60 km/h."""
