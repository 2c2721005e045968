"""When a change of plan is worth its trouble, and what each change costs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplanOptions:
    """Say when a change of plan is worth its trouble, and how long to look for it."""

    gain_cents: int = 300
    """What a change must gain beyond its price; 300 are 7.5 minutes of duty at 2,400 an hour."""
    vehicle_change_cents: int = 100
    """Price of a stop that goes to another vehicle."""
    place_change_cents: int = 25
    """Price of a stop that another one now precedes or follows on the same vehicle."""
    publish_shift_s: int = 60
    """New arrival times are published where one moves by this much."""
    time_limit_s: float | None = 10.0
    patience_iterations: int | None = 5_000
    """What a search under a time limit does without a gain before it ends, after an event: who waits wants it soon."""
    iterations: int | None = None
    seed: int = 0
