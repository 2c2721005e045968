"""Where goods are, and which transfers of the current plan still stand.

Goods are on board from the moment a vehicle leaves its start, and stay with it until they are delivered or a planned
transfer takes them over: from a broken vehicle where it stands, or from the depot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from routing.events.day import Day
from routing.events.published import Transfer
from routing.replan.progress import Progress


def goods_on_board(day: Day, progress: Mapping[str, Progress]) -> dict[str, str]:
    """Return the vehicle by stop id of all goods that have left the depot and are not delivered.

    What a vehicle that has left is planned to serve is on board, save what it has yet to take over; a transfer that is
    assumed to be made has been made.
    """
    carried = {stop.stop.id: stop.on_board for stop in day.stops.values() if stop.on_board is not None}
    behind = {visit.stop_id: key for key, each in progress.items() for visit in each.assumed}
    open_transfers = [state.transfer for state in day.stops.values() if state.transfer is not None and state.is_open]
    to_come = {stop_id for each in open_transfers if each.id not in behind for stop_id in each.stop_ids}
    for key, each in progress.items():
        if each.left:
            ids = (*(visit.stop_id for visit in each.assumed), *each.order)
            goods = (stop_id for stop_id in ids if day.stops[stop_id].stop.has_goods and stop_id not in to_come)
            carried |= {stop_id: carried.get(stop_id, key) for stop_id in goods}
    for transfer in open_transfers:
        for stop_id in transfer.stop_ids:
            if transfer.id in behind:
                carried[stop_id] = behind[transfer.id]
            elif transfer.from_vehicle is not None and carried.get(stop_id) is not None:
                carried[stop_id] = transfer.from_vehicle
            elif transfer.from_vehicle is None:
                carried.pop(stop_id, None)
    return {stop_id: key for stop_id, key in carried.items() if day.stops[stop_id].is_open}


def standing_transfers(day: Day, progress: Mapping[str, Progress], on_board: Mapping[str, str]) -> tuple[Transfer, ...]:
    """Return the transfers that are still to come and make sense, each with the goods that still wait for it.

    One whose vehicle broke down, whose goods are all wanted no more, or whose broken vehicle works again is dropped.
    """
    ahead = {stop_id: each.vehicle_id for each in progress.values() for stop_id in each.order}
    found = []
    for key, state in day.stops.items():
        transfer = state.transfer
        if transfer is None or ahead.get(key) != transfer.to_vehicle or not state.is_open:
            continue
        source = transfer.from_vehicle
        waiting = tuple(
            stop_id for stop_id in transfer.stop_ids if day.stops[stop_id].is_open and on_board.get(stop_id) == source
        )
        stranded = source is None or progress[source].activity == "stranded"
        if waiting and stranded and progress[transfer.to_vehicle].activity != "stranded":
            found.append(replace(transfer, stop_ids=waiting))
    return tuple(found)


def after_transfers(orders: Mapping[str, tuple[str, ...]], transfers: Sequence[Transfer]) -> dict[str, tuple[str, ...]]:
    """Return orders in which goods that wait for a transfer come after it, whatever hand or driver put them first."""
    found = dict(orders)
    for transfer in transfers:
        order = found.get(transfer.to_vehicle, ())
        if transfer.id in order:
            at = order.index(transfer.id)
            early = tuple(stop_id for stop_id in order[:at] if stop_id in transfer.stop_ids)
            before = tuple(stop_id for stop_id in order[:at] if stop_id not in early)
            found[transfer.to_vehicle] = (*before, transfer.id, *early, *order[at + 1 :])
    return found
