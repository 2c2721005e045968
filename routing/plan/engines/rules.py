"""What an instance holds besides the plain figures: the rules of routes that must be walked to be priced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

FAR_S = 1_000_000_000
"""Stands where an instant or a limit is not bound: beyond every horizon, and sums of a few of it still fit."""
BOUNDLESS = 1 << 40
"""Stands where an amount is not limited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Hold n stops, v vehicles, r depots, d loads, p profiles, q requests, g kinds of goods, b breaks at most.

    Nodes are the n stops, then the v starts, the v ends and the r depots; N of them. All instants count from the
    instance's origin. Nothing is folded: a vehicle starts at its start place, and its committed visits stand in
    `committed` as the first ones of its route, which no search moves. In orders an index below n is a stop and n + k
    is a reload at the depot k.
    """

    duration_s: NDArray[np.int32]
    """p x N x N, `NO_ROAD_S` where no road leads."""
    distance_m: NDArray[np.int32]
    """p x N x N."""
    profile: Ints
    """Of each vehicle, v."""
    place: Ints
    """Of each node, N: setup is spared where two in a row have the same. An open start or end has -1."""
    stay_s: Ints
    """From the start of service to the departure, by vehicle, n x v."""
    setup_s: Ints
    due_s: Ints
    """By when the service is over, n."""
    late_units_per_s: Ints
    """Price of lateness in 3,600,000ths of a cent a second, n; see `Instance.late_allowed`."""
    late_limit_s: Ints

    delivery: Ints
    """Loaded at a depot before the trip, n x d; for goods on board when the route begins too."""
    pickup: Ints
    """Collected, on board until the trip ends, n x d."""
    carried: Ints
    """Of shipments: what comes on board here, negative where it leaves, n x d."""
    partner: Ints
    """The other stop of a shipment, -1 for none, n."""
    is_pickup: Flags
    """Of a shipment, n."""
    on_board: Flags
    """The goods are on board when the route begins: neither release nor stock binds them, n."""
    release_s: Ints
    """The trip that delivers it leaves no earlier, -`FAR_S` for none, n."""
    goods: Ints
    """Kind of goods, -1 for none, n."""
    incompatible: Flags
    """g x g, symmetric: kinds that are never on board together."""
    required: Flags
    """g x g: a route with the kind of the row has one with that of the column."""

    request_first: Ints
    """The stops of request i are `request_stops[request_first[i]:request_first[i + 1]]`, q + 1. A request is inserted
    or left out whole: one stop; pickup and delivery of a shipment in this order; or stops that follow each other."""
    request_stops: Ints
    request_cents: Ints
    """What it costs to leave a request out, q."""

    capacity: Ints
    """v x d."""
    initial: Ints
    """On board and handed over at no stop, until the first reload, v x d."""
    open_start: Flags
    open_end: Flags
    duty_cents_per_h: Ints
    distance_cents_per_km: Ints
    over_units_per_s: Ints
    """Price of overtime in 3,600,000ths of a cent a second, v; see `Instance.over_allowed`."""
    over_limit_s: Ints
    duration_limit_s: Ints
    distance_limit_m: Ints
    driving_limit_s: Ints
    """The least of the vehicle's own and what its driving rules leave of day, week and fortnight, v."""
    stops_limit: Ints
    lifo: Flags
    pickups_last: Flags
    start_depot: Ints
    """-1: none of the problem, v."""
    reload_allowed: Flags
    """v x r."""
    reloads_limit: Ints
    committed: tuple[tuple[int, ...], ...]
    """Of each vehicle."""

    break_count: Ints
    """v."""
    break_open_s: Ints
    """v x b."""
    break_close_s: Ints
    break_s: Ints

    driving_until_break_s: Ints
    """`FAR_S`: no driving rules, v."""
    rest_s: Ints
    split_first_s: Ints
    """`FAR_S`: a rest is not split, v."""
    split_second_s: Ints
    since_break_s: Ints
    """Driven since the last break when the route begins, v."""
    split_taken: Flags
    span_end_s: Ints
    """By when the day's duty is over where it began before the route, `FAR_S` for none, v."""
    span_limit_s: Ints
    """The same from the start of the route where its duty begins then, v."""

    depot_open_s: Ints
    """First instant of each of a depot's windows, r x w; a window that is not there never opens (`FAR_S`)."""
    depot_close_s: Ints
    reload_s: Ints
    """r."""
    stock: Ints
    """r x d, `BOUNDLESS` for no limit."""
    balance_cents_per_h2: int
