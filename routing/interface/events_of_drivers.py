"""The JSON of events about vehicles and visits.

| type | fields beside id, known_at and effective_at |
|---|---|
| vehicle_position | vehicle_id, lat_deg, lon_deg |
| vehicle_departed, vehicle_back | vehicle_id |
| vehicle_delayed | vehicle_id, until: it does not leave its start before |
| vehicle_arrived, visit_started | stop_id; vehicle_id? |
| visit_delayed | stop_id, until: the service is expected to end then; vehicle_id? |
| visit_served | stop_id; vehicle_id?, delivered_load? |
| visit_failed | stop_id; vehicle_id?, reason? |
| break_taken | vehicle_id, until |
| vehicle_out_of_service | vehicle_id; until?, lat_deg? and lon_deg? |
| vehicle_added | vehicle: an object with the columns of fleet.csv |

`?` marks what may be missing. A report of a visit without a vehicle is that of the planned one.
"""

from __future__ import annotations

from typing import Final

from routing.events import news, types
from routing.events.types import Event
from routing.interface.checked_row import IDENTIFIER, LATITUDE, LONGITUDE, UNITS
from routing.interface.day_rows import day_vehicle, vehicle_faults
from routing.interface.event_bodies import EndingBody, EventBody, EventContext, LastingBody, PlaceBody, Read
from routing.interface.read_fleet import parse_vehicle
from routing.network.location import Location


class _VehiclePosition(EventBody):
    vehicle_id: IDENTIFIER
    lat_deg: LATITUDE
    lon_deg: LONGITUDE

    def event(self) -> Event:
        seen = Location(lat_deg=self.lat_deg, lon_deg=self.lon_deg)
        return types.VehicleLocated(
            id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, vehicle_id=self.vehicle_id, location=seen
        )


class _VehicleDeparted(EventBody):
    vehicle_id: IDENTIFIER

    def event(self) -> Event:
        return news.VehicleDeparted(
            id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, vehicle_id=self.vehicle_id
        )


class _VehicleBack(EventBody):
    vehicle_id: IDENTIFIER

    def event(self) -> Event:
        return news.VehicleBack(
            id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, vehicle_id=self.vehicle_id
        )


class _VehicleDelayed(EndingBody):
    vehicle_id: IDENTIFIER

    def event(self) -> Event:
        return news.VehicleDelayed(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            vehicle_id=self.vehicle_id,
            until_s=self.until,
        )


class _BreakTaken(EndingBody):
    vehicle_id: IDENTIFIER

    def event(self) -> Event:
        return news.BreakTaken(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            vehicle_id=self.vehicle_id,
            until_s=self.until,
        )


class _VehicleArrived(EventBody):
    stop_id: IDENTIFIER
    vehicle_id: IDENTIFIER | None = None

    def event(self) -> Event:
        return news.VehicleArrived(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            stop_id=self.stop_id,
            vehicle_id=self.vehicle_id,
        )


class _VisitStarted(EventBody):
    stop_id: IDENTIFIER
    vehicle_id: IDENTIFIER | None = None

    def event(self) -> Event:
        return types.VisitStarted(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            stop_id=self.stop_id,
            vehicle_id=self.vehicle_id,
        )


class _VisitDelayed(EndingBody):
    stop_id: IDENTIFIER
    vehicle_id: IDENTIFIER | None = None

    def event(self) -> Event:
        return news.VisitDelayed(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            stop_id=self.stop_id,
            until_s=self.until,
            vehicle_id=self.vehicle_id,
        )


class _VisitServed(EventBody):
    stop_id: IDENTIFIER
    vehicle_id: IDENTIFIER | None = None
    delivered_load: UNITS | None = None

    def event(self) -> Event:
        return types.VisitServed(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            stop_id=self.stop_id,
            vehicle_id=self.vehicle_id,
            delivered_load=self.delivered_load,
        )


class _VisitFailed(EventBody):
    stop_id: IDENTIFIER
    vehicle_id: IDENTIFIER | None = None
    reason: str = ""

    def event(self) -> Event:
        return types.VisitFailed(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            stop_id=self.stop_id,
            vehicle_id=self.vehicle_id,
            reason=self.reason,
        )


class _VehicleOutOfService(LastingBody, PlaceBody):
    vehicle_id: IDENTIFIER

    def event(self) -> Event:
        return types.VehicleOutOfService(
            id=self.id,
            known_at_s=self.known_s,
            effective_at_s=self.effect_s,
            vehicle_id=self.vehicle_id,
            location=self.place,
            until_s=self.until,
        )


class _VehicleAdded(EventBody):
    vehicle: dict[str, object]

    def read(self, where: str, context: EventContext) -> Read:
        cells = {**self.vehicle, "profile": self.vehicle.get("profile") or context.profiles[0]}
        row, faults = parse_vehicle(
            cells,
            f"{where}.vehicle",
            calendar=context.calendar,
            bbox_deg=context.bbox_deg,
            profiles=context.profiles,
        )
        if row is None:
            return None, faults
        faults = list(vehicle_faults(row, f"{where}.vehicle"))
        if faults:
            return None, faults
        vehicle = day_vehicle(row)
        return news.VehicleAdded(id=self.id, known_at_s=self.known_s, effective_at_s=self.effect_s, vehicle=vehicle), []


DRIVER_BODIES: Final[dict[str, type[EventBody]]] = {
    "vehicle_position": _VehiclePosition,
    "vehicle_departed": _VehicleDeparted,
    "vehicle_delayed": _VehicleDelayed,
    "vehicle_arrived": _VehicleArrived,
    "visit_started": _VisitStarted,
    "visit_delayed": _VisitDelayed,
    "visit_served": _VisitServed,
    "visit_failed": _VisitFailed,
    "break_taken": _BreakTaken,
    "vehicle_out_of_service": _VehicleOutOfService,
    "vehicle_back": _VehicleBack,
    "vehicle_added": _VehicleAdded,
}
