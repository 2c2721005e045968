"""What the JSON of every event has, and the clocks, map and names that it is read with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from routing.errors import Issue
from routing.events.types import Event
from routing.interface.checked_row import IDENTIFIER, LATITUDE, LONGITUDE
from routing.interface.coordinates import Bbox, is_near, swapped_issue
from routing.interface.time_cells import Calendar, read_instant
from routing.network.location import Location
from routing.network.profile import PROFILE_NAMES
from routing.problem.model import TimeWindow
from routing.travel.weather import DEFAULT_WEATHER
from routing.units import wall_clock_instant

FAR_S = 400 * 86_400
"""A time further from the day than this is a slip of the pen."""
Read = tuple[Event | None, list[Issue]]
"""The event of a body, or None and what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventContext:
    """Say on which day, on which clocks and on which map events are read."""

    day: date
    time_zone: str
    shifts: tuple[TimeWindow, ...] = ()
    bbox_deg: Bbox | None = None
    weathers: tuple[str, ...] = DEFAULT_WEATHER.conditions
    """Names of the conditions of the weather that the day knows."""
    profiles: tuple[str, ...] = PROFILE_NAMES
    """Of a vehicle that is added; the first one where it names none."""

    @property
    def calendar(self) -> Calendar:
        """Return how times of day are read."""
        return Calendar(day=self.day, time_zone=self.time_zone, shifts=self.shifts)


def context_of(info: ValidationInfo) -> EventContext:
    """Return the context that a body is read in."""
    assert isinstance(info.context, EventContext)
    return info.context


def _instant(value: object, info: ValidationInfo) -> int:
    context = context_of(info)
    if not isinstance(value, str):
        raise ValueError("write a time as text, such as 08:30 or 2026-11-23T08:30:00+01:00")
    instant_s = read_instant(value, context.calendar)
    if abs(instant_s - wall_clock_instant(context.day, 0, context.time_zone)) > FAR_S:
        raise ValueError(
            f"{value!r} is more than {FAR_S // 86_400} days from the day; where no end is known, give none"
        )
    return instant_s


INSTANT = Annotated[int, BeforeValidator(_instant)]
FADE = Annotated[int, Field(gt=0, le=86_400)]


class EventBody(BaseModel):
    """Hold the fields of every event."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, coerce_numbers_to_str=True)

    id: IDENTIFIER
    type: str
    known_at: INSTANT
    effective_at: INSTANT | None = None

    @property
    def known_s(self) -> int:
        """Return when it was known."""
        return self.known_at

    @property
    def effect_s(self) -> int:
        """Return when it took effect."""
        return self.known_at if self.effective_at is None else self.effective_at

    def event(self) -> Event:
        """Return the event of a body that needs no further checks."""
        raise NotImplementedError(self.type)

    def read(self, where: str, context: EventContext) -> Read:
        """Return the event; rows of stops and vehicles within it are checked here, as the files' rows are."""
        del where, context
        return self.event(), []


class LastingBody(EventBody):
    """Hold an event that ends, or of which no end is known."""

    until: INSTANT | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until is not None and self.until <= self.effect_s:
            raise ValueError("until is not after the beginning")
        return self


class EndingBody(EventBody):
    """Hold an event whose end is known."""

    until: INSTANT

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until <= self.effect_s:
            raise ValueError("until is not after the beginning")
        return self


class PlaceBody(EventBody):
    """Hold an event with a place, or without one."""

    lat_deg: LATITUDE | None = None
    lon_deg: LONGITUDE | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.lat_deg is None) != (self.lon_deg is None):
            raise ValueError("give both lat_deg and lon_deg, or neither")
        return self

    @property
    def place(self) -> Location | None:
        """Return the place, None where there is none."""
        if self.lat_deg is None or self.lon_deg is None:
            return None
        return Location(lat_deg=self.lat_deg, lon_deg=self.lon_deg)


def swapped(place: Location, where: str, context: EventContext) -> list[Issue]:
    """Return one Issue for a place that is on the map only with its coordinates exchanged."""
    box = context.bbox_deg
    if box is None or is_near(place.lat_deg, place.lon_deg, box) or not is_near(place.lon_deg, place.lat_deg, box):
        return []
    return [swapped_issue(f"{where}.lat_deg", place.lat_deg, place.lon_deg)]
