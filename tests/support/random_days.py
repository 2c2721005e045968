"""Random news of a live day, plans among them: each step is told when the day before it is known."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from small_days import NO_FIGURES, at_km, begun, stop, told, vehicle

from routing.errors import InputError
from routing.events.asked import AvailabilityStep
from routing.events.contradictions import contradictions
from routing.events.day import Day
from routing.events.fold import apply
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
from routing.events.published import PlanProposed, PlanPublished, PublishedRoute, Transfer
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
    WindowChanged,
)
from routing.events.words import (
    DayClosed,
    PlanAccepted,
    PlanRejected,
    StopMoved,
    StopPinned,
    VehicleForbidden,
    WordWithdrawn,
)
from routing.plan.model import Visit
from routing.problem.model import TimeWindow
from routing.travel.conditions import OnWay

Step = Callable[[Day, int], Event]
"""Gives the event of a step, whose number makes its id."""
STOP_IDS = [f"S{number}" for number in range(6)]
MOST_STEPS = 30
LATEST_S = 3_000

instants = st.integers(0, LATEST_S)
later = st.integers(LATEST_S + 1, LATEST_S + 4_000)
stop_ids = st.sampled_from([*STOP_IDS, "N0", "N1", "transfer:W:1"])
vehicle_ids = st.sampled_from(["V", "W", "X", "Y"])
drivers = st.one_of(st.none(), vehicle_ids)
event_ids = st.integers(0, MOST_STEPS).map(lambda number: f"e{number}")
ways = st.integers(1, 3).map(lambda way: OnWay(way_id=way))


def said(kind, **fields):
    """Draw an event of which the dispatcher hears at once, or up to ten minutes after it happened."""

    def at(at_s, ago_s, **given):
        return lambda day, number: told(kind, f"e{number}", at_s + ago_s, effective_at_s=at_s, **given)

    return st.builds(at, instants, st.sampled_from([0, 0, 0, 30, 600]), **fields)


def drivers_news():
    return st.one_of(
        said(VehicleArrived, stop_id=stop_ids, vehicle_id=drivers),
        said(VisitStarted, stop_id=stop_ids, vehicle_id=drivers),
        said(VisitDelayed, stop_id=stop_ids, vehicle_id=drivers, until_s=later),
        said(VisitServed, stop_id=stop_ids, vehicle_id=drivers),
        said(VisitFailed, stop_id=stop_ids, vehicle_id=drivers),
    )


def vehicles_news():
    return st.one_of(
        said(VehicleLocated, vehicle_id=vehicle_ids, location=st.integers(-2, 6).map(at_km)),
        said(VehicleDeparted, vehicle_id=vehicle_ids),
        said(VehicleDelayed, vehicle_id=vehicle_ids, until_s=later),
        said(VehicleBack, vehicle_id=vehicle_ids),
        said(VehicleOutOfService, vehicle_id=vehicle_ids, until_s=st.one_of(st.none(), later)),
        said(BreakTaken, vehicle_id=vehicle_ids, until_s=later),
        said(VehicleAdded, vehicle=st.just(vehicle("Y", x_km=2))),
    )


def customers_news():
    windows = st.sampled_from([(), (TimeWindow(start_s=500, end_s=2_500),)])
    chance = AvailabilityStep(from_s=0, until_s=LATEST_S, at_home_ratio=0.5)
    return st.one_of(
        said(StopCancelled, stop_id=stop_ids),
        said(CustomerUnavailable, stop_id=stop_ids, until_s=st.one_of(st.none(), later)),
        said(CustomerAvailable, stop_id=stop_ids),
        said(AvailabilityTold, stop_id=stop_ids, steps=st.sampled_from([(), (chance,)])),
        said(WindowChanged, stop_id=stop_ids, windows=windows),
        said(StopChanged, stop_id=stop_ids, load=st.sampled_from([None, 0, 1, 2]), windows=windows),
        said(StopChanged, stop_id=stop_ids, location=st.integers(0, 5).map(at_km)),
        said(StopAdded, stop=st.builds(lambda key, load: stop(key, 3, load=load), stop_ids, st.integers(0, 1))),
    )


def roads_news():
    return st.one_of(
        said(RoadClosed, where=ways),
        said(RoadReopened, where=ways),
        said(TrafficReported, where=ways, speed_factor=st.sampled_from([0.3, 0.6])),
        said(ConditionWithdrawn, event_id=event_ids),
    )


def dispatchers_words():
    return st.one_of(
        said(StopPinned, stop_id=stop_ids, vehicle_id=vehicle_ids, position=st.sampled_from([None, 0, 1, 2])),
        said(VehicleForbidden, stop_id=stop_ids, vehicle_id=vehicle_ids),
        said(StopMoved, stop_id=stop_ids, vehicle_id=vehicle_ids, after_stop_id=st.one_of(st.none(), stop_ids)),
        said(WordWithdrawn, event_id=event_ids),
    )


def plans():
    """Draw plans and proposals of any open stops, with promises and transfers, and answers to them."""

    def published(choices, rescue, promised):
        return lambda day, number: _plan(day, f"e{number}", choices, rescue=rescue, promised=promised)

    def proposed(choices, rescue, promised):
        def step(day, number):
            plan = _plan(day, f"e{number}:plan", choices, rescue=rescue, promised=promised)
            return told(PlanProposed, f"e{number}", day.now_s, plan=plan)

        return step

    def answered(kind):
        return lambda day, number: told(
            kind, f"e{number}", day.now_s, proposal_id=day.proposal.id if day.proposal else "e0"
        )

    choices = st.lists(st.sampled_from(["V", "W", "X", "Y", None]), min_size=9, max_size=9)
    return st.one_of(
        st.builds(published, choices, st.booleans(), st.booleans()),
        st.builds(published, choices, st.booleans(), st.booleans()),
        st.builds(proposed, choices, st.booleans(), st.booleans()),
        st.sampled_from([PlanAccepted, PlanRejected]).map(answered),
    )


def independent_news():
    """Draw news that is no plan."""
    return st.one_of(drivers_news(), vehicles_news(), customers_news(), roads_news(), dispatchers_words())


def streams():
    """Draw the news of a day that is still open."""
    return st.lists(st.one_of(*[independent_news()] * 4, plans(), plans()), min_size=8, max_size=MOST_STEPS - 1)


def whole_days():
    """Draw the news of a day, of some days with their end and what came after it."""
    ends = st.one_of(st.just([]), st.just([]), said(DayClosed).map(lambda step: [step]))
    return st.tuples(streams(), ends, st.lists(independent_news(), max_size=1)).map(
        lambda parts: [each for part in parts for each in part]
    )


def a_day() -> Day:
    stops = [
        stop(key, 1 + number, load=number % 2, window=(0, 1_500) if number % 3 else None)
        for number, key in enumerate(STOP_IDS)
    ]
    fleet = [vehicle("V"), vehicle("W"), vehicle("X", x_km=3)]
    orders = {"V": ("S0", "S1", "S2"), "W": ("S3",), "X": ("S4",)}
    return begun(stops, fleet, orders, attempts_per_day=2, retry_after_s=300)


def walked(day: Day, stream: list[Step]) -> tuple[Day, list[Event]]:
    """Return the day after the events of a stream that can have happened, and these."""
    happened: list[Event] = []
    for number, step in enumerate(stream):
        event = step(day, number)
        if not contradictions(day, event):
            day = apply(day, event)
            happened.append(event)
    return day, happened


def is_taken(day: Day, event: Event) -> bool:
    try:
        apply(day, event)
    except InputError:
        return False
    return True


def _plan(day: Day, key: str, choices: list[str | None], *, rescue: bool, promised: bool) -> PlanPublished:
    """Give each open stop to the vehicle that has its goods, or to the chosen one that there is."""
    orders: dict[str, list[str]] = {vehicle_id: [] for vehicle_id in day.vehicles}
    for state, chosen in zip(day.asked_stops(), choices, strict=False):
        vehicle_id = state.vehicle_id if state.started_s is not None else state.on_board or chosen
        if state.is_open and vehicle_id in orders:
            orders[vehicle_id].append(state.stop.id)
    planned = [stop_id for order in orders.values() for stop_id in order]
    transfer = Transfer(
        id="transfer:W:1", to_vehicle="W", from_vehicle="V", location=at_km(1), stop_ids=tuple(orders["V"])
    )
    return PlanPublished(
        id=key,
        known_at_s=day.now_s,
        effective_at_s=day.now_s,
        version=1 if day.plan is None else day.plan.version + 1,
        base_version=day.plan.version if day.plan else None,
        request="event",
        reason="",
        routes=tuple(
            PublishedRoute(
                vehicle_id=vehicle_id,
                left=False,
                start=at_km(0),
                start_s=0,
                end_s=0,
                visits=tuple(_visit(stop_id) for stop_id in order),
            )
            for vehicle_id, order in orders.items()
        ),
        unassigned=tuple(
            (state.stop.id, "NOT_PLANNED", "left out")
            for state in day.asked_stops()
            if state.is_open and state.stop.id not in planned
        ),
        adopted=rescue,
        before=NO_FIGURES,
        after=NO_FIGURES,
        promises=tuple((stop_id, 100, 900) for stop_id in planned) if promised else (),
        transfers=(transfer,) if rescue else (),
        document_sha256="",
    )


def _visit(stop_id: str) -> Visit:
    return Visit(stop_id=stop_id, arrive_s=0, start_s=0, depart_s=0, waiting_s=0, lateness_s=0, load_after=0)
