"""Say what the fees of a stop amount to, and what is wrong with them."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

from routing.errors import Issue
from routing.problem.model import Stop


def start_fee_cents(stop: Stop, start_s: int) -> int:
    """Return what a stop charges in cents for a start of service at an instant."""
    for fee in stop.start_fees:
        if fee.from_s <= start_s <= fee.until_s:
            return fee.cents
    return 0


def start_fee_steps(stop: Stop) -> list[tuple[int, int]]:
    """Return from when on a stop charges how many cents; before the first step it charges none."""
    steps: dict[int, int] = {}
    for fee in stop.start_fees:
        steps[fee.from_s] = fee.cents
        steps[fee.until_s + 1] = 0
    return sorted(steps.items())


def vehicle_fee_cents(stop: Stop, vehicle_id: str) -> int:
    """Return what a stop charges in cents for being served by a vehicle."""
    for fee_id, cents in stop.vehicle_fees:
        if fee_id == vehicle_id:
            return cents
    return 0


def follow_fee_cents(stop: Stop, vehicle_id: str, after_stop_id: str | None) -> int:
    """Return what a stop charges in cents for coming after another one, or as the first, on a vehicle."""
    fee = stop.follow_fee
    if fee is None or (fee.vehicle_id == vehicle_id and fee.after_stop_id == after_stop_id):
        return 0
    return fee.cents


def order_fee_cents(stop: Stop, vehicle_id: str, after_stop_id: str | None) -> int:
    """Return what a stop charges in cents whenever it is served: for its vehicle and for what it comes after."""
    return vehicle_fee_cents(stop, vehicle_id) + follow_fee_cents(stop, vehicle_id, after_stop_id)


def fee_issues(stop: Stop, vehicle_ids: Collection[str], stop_ids: Collection[str]) -> Iterator[Issue]:
    """Yield every fault of a stop's fees."""
    where, follow = f"stop {stop.id}", stop.follow_fee
    priced = [("a start fee", fee.cents) for fee in stop.start_fees]
    priced += [(f"the fee for {vehicle_id}", cents) for vehicle_id, cents in stop.vehicle_fees]
    priced += [("the follow fee", follow.cents)] if follow is not None else []
    for name, cents in priced:
        if cents < 0:
            yield Issue(code="NEGATIVE", where=where, cause=f"{name} is {cents} cents", action="Give zero or more.")
    for fee in stop.start_fees:
        if fee.until_s < fee.from_s:
            cause = f"a start fee ends {fee.from_s - fee.until_s} s before it begins"
            yield Issue(code="FEE_REVERSED", where=where, cause=cause, action="Swap its two instants.")
    for former, latter in itertools.pairwise(stop.start_fees):
        if latter.from_s <= former.until_s:
            cause = "two start fees overlap or are not in order of time"
            yield Issue(code="FEES_OVERLAP", where=where, cause=cause, action="Sort them and add up where they meet.")
    named = [vehicle_id for vehicle_id, _ in stop.vehicle_fees]
    for vehicle_id in dict.fromkeys([*named, *([follow.vehicle_id] if follow is not None else [])]):
        if vehicle_id not in vehicle_ids:
            cause = f"has a fee for {vehicle_id}, which is no vehicle of the problem"
            yield Issue(code="VEHICLE_UNKNOWN", where=where, cause=cause, action="Name vehicles of the fleet.")
        if named.count(vehicle_id) > 1:
            cause = f"has {named.count(vehicle_id)} fees for {vehicle_id}"
            yield Issue(code="FEE_TWICE", where=where, cause=cause, action="Give one fee per vehicle.")
    if follow is not None and follow.after_stop_id not in {None, *stop_ids} - {stop.id}:
        cause = f"is to follow {follow.after_stop_id}, which is no other stop of the problem"
        action = "Name another stop of the problem, or none where it is the first of its vehicle."
        yield Issue(code="STOP_UNKNOWN", where=where, cause=cause, action=action)
