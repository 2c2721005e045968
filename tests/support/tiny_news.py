"""Draw events for a tiny day: what drivers report on their way, and everything else that may happen or be said."""

from __future__ import annotations

from hypothesis import strategies as st
from tiny_day import at, tiny_stop, tiny_vehicle

from routing.events.asked import AvailabilityStep
from routing.events.day import Day
from routing.events.news import (
    AvailabilityTold,
    BreakTaken,
    CustomerAvailable,
    StopChanged,
    VehicleAdded,
    VehicleArrived,
    VehicleBack,
    VehicleDelayed,
    VehicleDeparted,
    VisitDelayed,
)
from routing.events.types import (
    ConditionWithdrawn,
    CustomerUnavailable,
    Event,
    RoadClosed,
    RoadReopened,
    StopAdded,
    StopCancelled,
    TrafficReported,
    VehicleLocated,
    VehicleOutOfService,
    VisitFailed,
    VisitServed,
    VisitStarted,
    WeatherReported,
    WindowChanged,
)
from routing.events.words import PlanAccepted, PlanRejected, StopMoved, StopPinned, VehicleForbidden, WordWithdrawn
from routing.problem.model import TimeWindow
from routing.travel.conditions import BetweenNodes, OnWay

NO_STOP, NO_VEHICLE = "nowhere", "no van"
PLACES = st.builds(at, st.sampled_from([0, 0.5, 1, 2, 2.5, 3]), st.sampled_from([0, 1, 2]))
WINDOWS = st.sampled_from([(), (TimeWindow(start_s=2_000, end_s=4_000),), (TimeWindow(start_s=0, end_s=9_000),)])
STREETS = st.one_of(
    st.integers(100, 133).map(lambda way: OnWay(way_id=way)),
    st.sampled_from([(1, 4), (5, 4), (2, 5)]).map(lambda pair: BetweenNodes(from_osm_id=pair[0], to_osm_id=pair[1])),
)
CONDITIONS = (TrafficReported, RoadClosed, RoadReopened, WeatherReported)
WORDS = (StopPinned, VehicleForbidden, StopMoved)
DRIVERS = (VehicleDeparted, VehicleArrived, VisitStarted, VisitServed, VisitFailed, VisitDelayed, VehicleLocated)
OTHERS = (
    StopAdded,
    StopCancelled,
    StopChanged,
    WindowChanged,
    CustomerUnavailable,
    CustomerAvailable,
    AvailabilityTold,
    VehicleOutOfService,
    VehicleBack,
    VehicleDelayed,
    VehicleAdded,
    BreakTaken,
    *CONDITIONS,
    ConditionWithdrawn,
    *WORDS,
    WordWithdrawn,
    PlanAccepted,
    PlanRejected,
)


@st.composite
def on_the_way(draw: st.DrawFn, day: Day, key: str) -> Event:
    """Draw what the driver of some vehicle reports of the stop that its plan has next, at about its time."""
    routes = [route for route in (day.plan.routes if day.plan else ()) if route.visits]
    if not routes:
        return draw(happening(day, key, VehicleLocated))
    route = draw(st.sampled_from(routes))
    visit = route.visits[draw(st.sampled_from([0, 0, 0, min(1, len(route.visits) - 1)]))]
    kind = draw(st.sampled_from(DRIVERS))
    at_s = visit.depart_s if kind in (VisitServed, VisitFailed) else visit.start_s
    at_s = max(0, (route.start_s if kind is VehicleDeparted else at_s) + draw(st.sampled_from([0, 0, 0, -60, 90, 400])))
    told = {"id": key, "known_at_s": max(day.now_s, at_s), "effective_at_s": at_s}
    if kind is VehicleDeparted:
        return VehicleDeparted(**told, vehicle_id=route.vehicle_id)
    if kind is VehicleLocated:
        return VehicleLocated(**told, vehicle_id=route.vehicle_id, location=draw(PLACES))
    if kind is VisitDelayed:
        return VisitDelayed(**told, stop_id=visit.stop_id, until_s=visit.depart_s + 900)
    return kind(**told, stop_id=visit.stop_id, vehicle_id=route.vehicle_id)


@st.composite
def happening(draw: st.DrawFn, day: Day, key: str, kind: type[Event] | None = None) -> Event:
    """Draw any event, of any stop and vehicle, known now or soon and of that time, before or (a forecast) after it."""
    kind = kind or draw(st.sampled_from((*DRIVERS, *OTHERS)))
    known_at_s = day.now_s + draw(st.sampled_from([0, 30, 300, 900]))
    shift_s = draw(st.sampled_from([0, 0, -200] if kind not in CONDITIONS else [0, -200, 600]))
    effective_at_s = max(0, known_at_s + shift_s)
    told = {"id": key, "known_at_s": known_at_s, "effective_at_s": effective_at_s}
    until_s = draw(st.sampled_from([None, known_at_s + 500, known_at_s + 3_000]))
    stop_id = draw(st.sampled_from(list(day.stops)))
    vehicle_id = draw(st.sampled_from(list(day.vehicles)))
    seen = list(day.seen.values())
    fields: dict[type[Event], dict[str, object]] = {
        **{each: {"stop_id": stop_id, "vehicle_id": vehicle_id} for each in DRIVERS[1:5]},
        VisitDelayed: {"stop_id": stop_id, "until_s": effective_at_s + 700},
        VehicleLocated: {"vehicle_id": vehicle_id, "location": draw(PLACES)},
        VehicleDeparted: {"vehicle_id": vehicle_id},
        StopAdded: {"stop": tiny_stop(f"new {key}", draw(st.integers(0, 3)), draw(st.integers(0, 2)), load=1)},
        StopCancelled: {"stop_id": stop_id},
        StopChanged: {"stop_id": stop_id, "location": draw(PLACES), "service_s": 300},
        WindowChanged: {"stop_id": stop_id, "windows": draw(WINDOWS)},
        CustomerUnavailable: {"stop_id": stop_id, "until_s": until_s},
        CustomerAvailable: {"stop_id": stop_id},
        AvailabilityTold: {
            "stop_id": stop_id,
            "steps": (AvailabilityStep(from_s=0, until_s=known_at_s + 2_000, at_home_ratio=0.3),),
        },
        VehicleOutOfService: {"vehicle_id": vehicle_id, "until_s": until_s},
        VehicleBack: {"vehicle_id": vehicle_id},
        VehicleDelayed: {"vehicle_id": vehicle_id, "until_s": known_at_s + 800},
        VehicleAdded: {"vehicle": tiny_vehicle(f"van {key}")},
        BreakTaken: {"vehicle_id": vehicle_id, "until_s": effective_at_s + 900},
        TrafficReported: {"where": draw(STREETS), "speed_factor": 0.3, "until_s": until_s},
        RoadClosed: {"where": draw(STREETS), "until_s": until_s},
        RoadReopened: {"where": draw(STREETS), "until_s": until_s},
        WeatherReported: {"condition": draw(st.sampled_from(["rain", "snow"])), "until_s": until_s},
        ConditionWithdrawn: {"event_id": _one_of(draw, seen, CONDITIONS)},
        StopPinned: {"stop_id": stop_id, "vehicle_id": vehicle_id, "position": draw(st.sampled_from([None, 0, 1]))},
        VehicleForbidden: {"stop_id": stop_id, "vehicle_id": vehicle_id},
        StopMoved: {
            "stop_id": stop_id,
            "vehicle_id": vehicle_id,
            "after_stop_id": draw(st.sampled_from([None, *day.stops])),
        },
        WordWithdrawn: {"event_id": _one_of(draw, seen, WORDS)},
        PlanAccepted: {"proposal_id": day.proposal.id if day.proposal else "none"},
        PlanRejected: {"proposal_id": day.proposal.id if day.proposal else "none"},
    }
    return kind(**told, **fields[kind])


@st.composite
def of_nobody(draw: st.DrawFn, day: Day, key: str) -> Event:
    """Draw an event about a stop, a vehicle or a way that the day does not have."""
    told = {"id": key, "known_at_s": day.now_s, "effective_at_s": day.now_s}
    stop_kinds = (VisitStarted, VisitServed, VisitFailed, VehicleArrived, StopCancelled, CustomerAvailable)
    kind = draw(st.sampled_from((*stop_kinds, VehicleBack, VehicleDeparted, VehicleOutOfService, RoadClosed)))
    if kind is RoadClosed:
        return RoadClosed(
            **told, where=draw(st.sampled_from([OnWay(way_id=9), BetweenNodes(from_osm_id=1, to_osm_id=99)]))
        )
    return kind(**told, stop_id=NO_STOP) if kind in stop_kinds else kind(**told, vehicle_id=NO_VEHICLE)


def _one_of(draw: st.DrawFn, seen: list[Event], kinds: tuple[type[Event], ...]) -> str:
    return draw(st.sampled_from([event.id for event in seen if isinstance(event, kinds)] or ["none"]))
