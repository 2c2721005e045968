"""The JSON of events about roads and weather.

| type | fields beside id, known_at and effective_at |
|---|---|
| traffic_reported | where; exactly one of speed_factor (up to 1), speed_kph, delay_s; until?, fade_s? |
| road_closed, road_reopened | where; until? |
| weather_reported | condition; area? (a GeoJSON Polygon), until?, fade_s? |
| condition_withdrawn | event_id of one of these |

`where` is told in `event_places`: a way or two nodes that no road of the map has are refused (WAY_UNKNOWN), a line or
an area beside its roads changes nothing. `?` marks what may be missing.
"""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field, ValidationInfo, model_validator

from routing.events import types
from routing.events.types import Event
from routing.interface.checked_row import IDENTIFIER
from routing.interface.event_bodies import FADE, EventBody, LastingBody, context_of
from routing.interface.event_places import AreaPlace, Place

_Speed = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _TrafficReported(LastingBody):
    where: Place
    fade_s: FADE | None = None
    speed_factor: Annotated[_Speed, Field(le=1)] | None = None
    speed_kph: _Speed | None = None
    delay_s: Annotated[int, Field(gt=0, le=86_400)] | None = None

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        given = [name for name in ("speed_factor", "speed_kph", "delay_s") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of speed_factor, speed_kph and delay_s, not {len(given)}")
        if self.delay_s is not None and isinstance(self.where, AreaPlace):
            raise ValueError("a delay belongs to a stretch of road, not to an area")
        return self

    def event(self) -> Event:
        return types.TrafficReported(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            where=self.where.where(),
            speed_factor=self.speed_factor,
            speed_kph=self.speed_kph,
            delay_s=self.delay_s,
            until_s=self.until,
            fade_s=self.fade_s,
        )


class _RoadClosed(LastingBody):
    where: Place

    def event(self) -> Event:
        where = self.where.where()
        return types.RoadClosed(
            id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, where=where, until_s=self.until
        )


class _RoadReopened(LastingBody):
    where: Place

    def event(self) -> Event:
        where = self.where.where()
        return types.RoadReopened(
            id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, where=where, until_s=self.until
        )


class _WeatherReported(LastingBody):
    condition: str
    area: AreaPlace | None = None
    fade_s: FADE | None = None

    @model_validator(mode="after")
    def _known_weather(self, info: ValidationInfo) -> Self:
        known = context_of(info).weathers
        if self.condition not in known:
            raise ValueError(f"the weather {self.condition!r} is not known; use {', '.join(known)}")
        return self

    def event(self) -> Event:
        return types.WeatherReported(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            condition=self.condition,
            area=self.area.where() if self.area else None,
            until_s=self.until,
            fade_s=self.fade_s,
        )


class _ConditionWithdrawn(EventBody):
    event_id: IDENTIFIER

    def event(self) -> Event:
        return types.ConditionWithdrawn(
            id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, event_id=self.event_id
        )


ROAD_BODIES: Final[dict[str, type[EventBody]]] = {
    "traffic_reported": _TrafficReported,
    "road_closed": _RoadClosed,
    "road_reopened": _RoadReopened,
    "weather_reported": _WeatherReported,
    "condition_withdrawn": _ConditionWithdrawn,
}
