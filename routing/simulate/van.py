"""One vehicle on the road, and what it is doing."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from routing.events.asked import DayVehicle
from routing.network.location import Location
from routing.simulate.truth import Trip

NEVER: Final = math.inf
AT_START: Final = "at_start"
DRIVING: Final = "driving"
WAITING: Final = "waiting"
SERVING: Final = "serving"
BROKEN: Final = "broken"


@dataclass(slots=True, kw_only=True)
class Van:
    """Hold what a vehicle is doing; it changes as time goes on."""

    vehicle: DayVehicle
    doing: str = AT_START
    at: Location
    orders: list[str] = field(default_factory=list)
    """Stops still to be gone to, the one under way left out."""
    leaves_s: float = NEVER
    left_s: int | None = None
    """When it left on the trip that goes on."""
    target: str | None = None
    """The stop that it drives to, waits at or serves; None: none, or home."""
    trip: Trip | None = None
    arrived_s: int = 0
    started_s: int = 0
    next_s: float = NEVER
    """When something happens next."""
    swapped: bool = False
    """True while its driver goes to another stop than the plan's next one."""
    served_now: bool = False
