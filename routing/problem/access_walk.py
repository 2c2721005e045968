"""The walk from the vehicle to the door and back, where it is longer than a stop's service takes for granted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessWalk:
    """Say how long a driver takes to doors that lie off the road.

    What a stop's service takes for granted is the way from the kerb to a front door. On Porto, Helsinki and Andorra
    half of all random points lie within 8 m of a road's line and 95 of 100 within 23 m, so that 30 m leave stops at
    streets as they are. 5 km/h is the speed of OSRM's foot profile (`profiles/foot.lua`); Valhalla walks 5.1.
    """

    speed_m_per_h: int = 5_000
    free_m: int = 30
    """Metres from the road's line to the door that no time is added for."""

    def added_s(self, distance_m: float) -> int:
        """Return the seconds that a door so far from the road adds to a service, there and back, rounded up.

        The distance is straight and taken in whole metres; only what lies beyond the free ones counts.
        """
        beyond_m = max(0, round(distance_m) - self.free_m)
        return -(-2 * beyond_m * 3600 // self.speed_m_per_h)
