"""When a change of plan is worth its trouble, and what each change costs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanOptions:
    """Price every change of plan, freeze what is too near to change, and bound the search.

    All prices are cents and, but for `gain_cents`, part of what the search minimises. Those of another vehicle, another
    place and a broken promise are those of a moment `near_s` or more ahead; nearer ones rise evenly to `near_factor`
    times as much now.
    """

    gain_cents: int = 300
    """What a change must gain beyond its price; 300 are 7.5 minutes of duty at 2,400 an hour."""
    vehicle_change_cents: int = 100
    """Price of a stop that goes to another vehicle."""
    place_change_cents: int = 25
    """Price of a stop that another one now precedes."""
    next_stop_cents: int = 300
    """Price of another next stop for a driver, where that is not committed; not raised further by its nearness."""
    promise_break_cents: int = 150
    """Price of an arrival outside the interval that was promised to the customer."""
    promise_s: int = 1_800
    """The promise reaches from so long before the planned start of service until so long after it."""
    near_s: int = 3_600
    near_factor: float = 3.0

    freeze_all_s: int = 0
    freeze_all_stops: int = 0
    """Of each vehicle, visits planned to start within so many seconds, and so many next ones, keep order and time:
    they start no earlier than planned. The stop that a vehicle drives to stays its next one in any case."""
    freeze_order_s: int = 0
    freeze_order_stops: int = 0
    """These keep their order."""
    freeze_vehicle_s: int = 0
    freeze_vehicle_stops: int = 0
    """These keep their vehicle."""

    delay_spread_s: int = 450
    """Standard deviation of the delay of an arrival an hour ahead; it grows with the square root of the time. What
    lateness is to be expected from it costs as lateness does. 0: plans are taken to come true."""
    attempts_per_day: int = 1
    """So often a stop is tried on one day; after a failure the search may try again where that pays."""
    retry_after_s: int = 3_600
    """No second attempt before so long after the first."""
    transfer_service_s: int = 600
    """Time to take over the goods of a broken vehicle, and"""
    reload_service_s: int = 600
    """time to load at the depot again."""

    assumes_visits: bool = True
    """Whether a planned visit is taken as made when its time has passed and nobody reported it. False where drivers
    report every visit: then it is still to be made, however late they are."""
    proposes: bool = False
    """True where a plan that changes more than times waits for the dispatcher's word."""
    publish_shift_s: int = 60
    """New arrival times are published where one moves by this much."""
    time_limit_s: float | None = 10.0
    patience_iterations: int | None = 5_000
    """What a search under a time limit does without a gain before it ends, after an event: who waits wants it soon."""
    iterations: int | None = None
    draws: int = 1_000
    """Of the simulation that gives each stop its chance to be on time. 0: plans tell neither chances nor reasons, as on
    days that began before they did."""
    seed: int = 0
