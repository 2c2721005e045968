"""The problem that remains of a day at an instant.

- Visits that were made, failed or cancelled are gone; so are those that are assumed to be made (see `progress`).
- A vehicle starts where it is; the stop that it is driving to or waiting at stays its first, unless a closure lies on
  that very leg or the customer is away when it arrives. What the options freeze stays too (see `freeze`).
- Goods are on board from the moment a vehicle leaves its start (see `goods`): its stops with a load stay with it, and
  may be served late, for that beats bringing them back. Other stops of vehicles that are out may change vehicle, and
  may be late too: they were promised.
- Goods that are not on board can only go with a vehicle that has not left, or by a transfer of the plan.
- What the dispatcher has laid down by hand stands (see `by_hand`), and every change of the current plan has its price
  (see `prices`).
- A stop that cannot be served whatever the search does is left out of the problem, with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from routing.events.day import Day, StopState
from routing.events.published import Transfer
from routing.network.location import Location
from routing.plan.model import Unassigned
from routing.problem.model import Problem, Stop, Travel
from routing.replan.by_hand import placed
from routing.replan.freeze import Ladder, ladder, not_earlier
from routing.replan.goods import after_transfers, goods_on_board, standing_transfers
from routing.replan.offered import Roads, committed_visits, offered
from routing.replan.prices import planned_starts_s, priced
from routing.replan.progress import Lines, Progress, progress_of
from routing.replan.wanted import Situation, may, wanted

TravelMaker = Callable[[tuple[Location, ...], tuple[int, int]], Travel]
"""Gives travel between places, within a first and a last instant of interest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """Hold what is still to be done, by whom, and what the current plan says about it."""

    now_s: int
    problem: Problem
    """To be solved; without the stops that are left out."""
    progress: Mapping[str, Progress]
    orders: Mapping[str, tuple[str, ...]]
    """Stop ids of each vehicle in the order of the current plan, as far as they can still be served."""
    left_out: tuple[tuple[Stop, Unassigned], ...]
    on_board: Mapping[str, str]
    """Vehicle by stop id, for goods that have left the depot and are not delivered."""
    transfers: tuple[Transfer, ...] = ()
    """Goods that change vehicle or are fetched from the depot, each a committed visit of the problem."""


def remaining(
    day: Day, now_s: int, lines: Lines, travel_of: TravelMaker, open_travel_of: TravelMaker | None = None
) -> Remaining:
    """Return what remains of the day; `lines` are the legs of the current plan as its document draws them.

    `open_travel_of` gives travel as if no road were closed, where any is: a leg that changes by it has a closure on it.
    """
    progress = _undisputed(day, {vehicle_id: progress_of(day, vehicle_id, now_s, lines) for vehicle_id in day.vehicles})
    on_board = goods_on_board(day, progress)
    transfers = standing_transfers(day, progress, on_board)
    stops = _still_asked(day, progress, transfers)
    roads = _roads(day, now_s, progress, stops, (travel_of, open_travel_of or travel_of))
    progress = {key: _on_road(each, roads.travel, roads.index) for key, each in progress.items()}
    coming = {stop_id: transfer for transfer in transfers for stop_id in transfer.stop_ids}
    here = Situation(day=day, progress=progress, on_board=on_board, coming=coming)
    asked = [wanted(state, roads.index, here) for state in stops]
    known = {stop.id: stop for stop, reason in asked if reason is None}
    in_service = {key: each for key, each in progress.items() if each.activity != "stranded"}
    orders = placed(
        day,
        {vehicle_id: each.order for vehicle_id, each in in_service.items()},
        {vehicle_id: each.committed for vehicle_id, each in in_service.items()},
    )
    orders = {
        key: tuple(stop_id for stop_id in order if stop_id in known and may(known[stop_id], key))
        for key, order in orders.items()
    }
    orders = after_transfers(orders, transfers)
    starts_s = planned_starts_s(day)
    rungs = {key: ladder(order, starts_s, now_s, day.started.replan) for key, order in orders.items()}
    required = {*(transfer.id for transfer in transfers), *(_pinned_to_places(day) - coming.keys())}
    committed = {
        key: committed_visits(day, each, orders[key], known, rungs[key], required, roads)
        for key, each in in_service.items()
    }
    problem = Problem(
        stops=_bound(known, orders, committed, rungs, starts_s, roads.last_s),
        vehicles=tuple(offered(day, each, committed[key], roads) for key, each in in_service.items()),
        places=tuple(roads.index),
        travel=roads.travel,
        objective=day.started.objective,
        time_zone=day.started.time_zone,
        access_walk=day.started.access_walk,
    )
    return Remaining(
        now_s=now_s,
        problem=priced(day, problem, orders, now_s),
        progress=progress,
        orders=orders,
        left_out=tuple((stop, reason) for stop, reason in asked if reason is not None),
        on_board=on_board,
        transfers=transfers,
    )


def _still_asked(day: Day, progress: Mapping[str, Progress], transfers: tuple[Transfer, ...]) -> list[StopState]:
    """Return the stops that remain, without transfers that stand no more."""
    gone = {visit.stop_id for each in progress.values() for visit in each.assumed}
    standing = {transfer.id for transfer in transfers}
    return [
        state
        for key, state in day.stops.items()
        if state.is_open and key not in gone and (state.transfer is None or key in standing)
    ]


def _roads(
    day: Day,
    now_s: int,
    progress: Mapping[str, Progress],
    stops: list[StopState],
    makers: tuple[TravelMaker, TravelMaker],
) -> Roads:
    """Return the places of what remains, with the depots, and the travel between them."""
    points = [point for each in progress.values() for point in (each.location, each.last_place)]
    points += [place for state in day.vehicles.values() for place in (state.vehicle.end, state.vehicle.start)]
    points += [state.stop.location for state in stops]
    index = {point: place for place, point in enumerate(dict.fromkeys(points))}
    last_s = max(max(state.vehicle.shift.end_s for state in day.vehicles.values()), now_s)
    first_s = min(each.free_s for each in progress.values())
    horizon_s = (min(first_s, last_s), last_s)
    travel = makers[0](tuple(index), horizon_s)
    open_travel = travel if makers[1] is makers[0] else makers[1](tuple(index), horizon_s)
    return Roads(index=index, travel=travel, open_travel=open_travel, last_s=last_s)


def _bound(
    known: Mapping[str, Stop],
    orders: Mapping[str, tuple[str, ...]],
    committed: Mapping[str, tuple[str, ...]],
    rungs: Mapping[str, Ladder],
    starts_s: Mapping[str, int],
    last_s: int,
) -> tuple[Stop, ...]:
    """Return the stops of the problem; what is committed or frozen stays with its vehicle, however late it comes."""
    bound = dict(known)
    for key, order in orders.items():
        kept = {*committed[key], *order[: rungs[key].vehicle_fixed]}
        bound |= {
            stop_id: replace(
                bound[stop_id], allowed_vehicles=(key,), lateness_allowed=True, due_s=None, lateness_limit_s=None
            )
            for stop_id in kept
        }
        for stop_id in set(order[: rungs[key].all_fixed]).intersection(committed[key]):
            bound[stop_id] = not_earlier(bound[stop_id], starts_s.get(stop_id, 0), last_s)
    return tuple(bound.values())


def _pinned_to_places(day: Day) -> set[str]:
    return {key for key, state in day.stops.items() if state.is_open and state.pinned_position is not None}


def _undisputed(day: Day, progress: dict[str, Progress]) -> dict[str, Progress]:
    """Take each stop that a driver is at from every other vehicle."""
    begun = {
        stop.stop.id: stop.vehicle_id
        for stop in day.stops.values()
        if stop.is_open and (stop.started_s is not None or stop.arrived_s is not None)
    }

    def mine(stop_id: str, vehicle_id: str) -> bool:
        return begun.get(stop_id, vehicle_id) == vehicle_id

    return {
        key: replace(
            each,
            assumed=tuple(visit for visit in each.assumed if mine(visit.stop_id, key)),
            order=tuple(stop_id for stop_id in each.order if mine(stop_id, key)),
            committed=each.committed if each.committed and mine(each.committed, key) else None,
        )
        for key, each in progress.items()
    }


def _on_road(progress: Progress, travel: Travel, index: Mapping[Location, int]) -> Progress:
    """Take a vehicle back to where it was for certain if no road is near where it seems to be."""
    if travel.usable[index[progress.location]]:
        return progress
    free_s = progress.free_s if progress.activity in ("paused", "stranded") else progress.last_s
    return replace(progress, location=progress.last_place, free_s=free_s)
