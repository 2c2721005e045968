"""The JSON of events about stops and customers.

| type | fields beside id, known_at and effective_at |
|---|---|
| stop_added | stop: an object with the columns of stops.csv |
| stop_cancelled, customer_available | stop_id |
| stop_changed | stop_id; any of windows, load, address, priority, service_s, lat_deg with lon_deg (approach?) |
| window_changed | stop_id, windows |
| customer_unavailable | stop_id; until? |
| availability_told | stop_id, availability |

`windows` is an array of pairs of times, an empty one for any time; `availability` is told in `availability_cells`, an
empty array for surely at home; `?` marks what may be missing.
"""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from routing.errors import Issue
from routing.events import news, types
from routing.events.types import Event
from routing.interface.availability_cells import read_availability
from routing.interface.checked_row import IDENTIFIER, UNITS
from routing.interface.day_rows import day_stop, stop_faults
from routing.interface.event_bodies import EventBody, EventContext, LastingBody, PlaceBody, Read, swapped
from routing.interface.read_stops import parse_stop
from routing.interface.time_cells import Calendar, TimePair, read_window
from routing.network.location import Approach, Location
from routing.problem.model import TimeWindow, merge_windows

_Windows = list[tuple[str, str]]


class _StopAdded(EventBody):
    stop: dict[str, object]

    def read(self, where: str, context: EventContext) -> Read:
        row, faults = parse_stop(self.stop, f"{where}.stop", calendar=context.calendar, bbox_deg=context.bbox_deg)
        if row is None:
            return None, faults
        faults = list(stop_faults(row, f"{where}.stop"))
        if faults:
            return None, faults
        stop = day_stop(row)
        return types.StopAdded(id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, stop=stop), []


class _StopCancelled(EventBody):
    stop_id: IDENTIFIER

    def event(self) -> Event:
        return types.StopCancelled(
            id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, stop_id=self.stop_id
        )


class _CustomerAvailable(EventBody):
    stop_id: IDENTIFIER

    def event(self) -> Event:
        return news.CustomerAvailable(
            id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, stop_id=self.stop_id
        )


class _StopChanged(PlaceBody):
    stop_id: IDENTIFIER
    windows: _Windows | None = None
    load: UNITS | None = None
    approach: Approach | None = None
    address: str | None = None
    priority: Annotated[int, Field(ge=0, le=100)] | None = None
    service_s: Annotated[int, Field(ge=0, le=86_400)] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        names = ("windows", "load", "lat_deg", "address", "priority", "service_s")
        if all(getattr(self, name) is None for name in names):
            raise ValueError(f"nothing is to change; give one of {', '.join(names)}")
        if self.approach is not None and self.lat_deg is None:
            raise ValueError("approach goes together with lat_deg and lon_deg")
        return self

    def read(self, where: str, context: EventContext) -> Read:
        windows: tuple[TimeWindow, ...] | None = None
        issues: list[Issue] = []
        if self.windows is not None:
            windows, issues = _windows(self.windows, context.calendar, where)
        place = self.place
        if place is not None:
            issues += swapped(place, where, context)
            approach = self.approach or "either"
            place = Location(lat_deg=place.lat_deg, lon_deg=place.lon_deg, approach=approach)
        if issues:
            return None, issues
        changed = news.StopChanged(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            stop_id=self.stop_id,
            windows=windows,
            load=self.load,
            location=place,
            address=self.address,
            priority=self.priority,
            service_s=self.service_s,
        )
        return changed, []


class _WindowChanged(EventBody):
    stop_id: IDENTIFIER
    windows: _Windows

    def read(self, where: str, context: EventContext) -> Read:
        windows, issues = _windows(self.windows, context.calendar, where)
        if issues:
            return None, issues
        changed = types.WindowChanged(
            id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, stop_id=self.stop_id, windows=windows
        )
        return changed, []


class _CustomerUnavailable(LastingBody):
    stop_id: IDENTIFIER

    def event(self) -> Event:
        return types.CustomerUnavailable(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            stop_id=self.stop_id,
            until_s=self.until,
        )


class _AvailabilityTold(EventBody):
    stop_id: IDENTIFIER
    availability: list[object] | str

    def read(self, where: str, context: EventContext) -> Read:
        steps, issues = read_availability(self.availability, context.calendar, f"{where}.availability")
        if issues:
            return None, issues
        told = news.AvailabilityTold(
            id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, stop_id=self.stop_id, steps=steps
        )
        return told, []


def _windows(pairs: _Windows, calendar: Calendar, where: str) -> tuple[tuple[TimeWindow, ...], list[Issue]]:
    windows: list[TimeWindow] = []
    issues: list[Issue] = []
    for number, (start, end) in enumerate(pairs):
        pair = TimePair(start=start, end=end, start_column="start", end_column="end")
        window, faults = read_window(pair, calendar, f"{where}.windows[{number}]")
        issues += faults
        windows += [window] if window is not None else []
    return merge_windows(windows), issues


CUSTOMER_BODIES: Final[dict[str, type[EventBody]]] = {
    "stop_added": _StopAdded,
    "stop_cancelled": _StopCancelled,
    "stop_changed": _StopChanged,
    "window_changed": _WindowChanged,
    "customer_unavailable": _CustomerUnavailable,
    "customer_available": _CustomerAvailable,
    "availability_told": _AvailabilityTold,
}
