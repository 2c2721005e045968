"""The examples of examples/constraints, worked out by hand: each with what its page says of the plan.

Except where a page says otherwise the depot and A, B, C, D lie in this order on a one-way ring road, 10 minutes and
10 km from each to the next, and a service takes 5 minutes; so a lap is 50 minutes and 50 km, and going back to a place
behind is most of a lap. Duty costs 40 cents a minute, a kilometre 35, a vehicle 3,000, a stop left out 10,000.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """Hold a plan: halts are `stop arrival start departure`, between the departure of the route and its end."""

    routes: tuple[tuple[str, str, tuple[str, ...], str], ...]
    """Vehicle, start, halts and rests in order, end."""
    cost: tuple[int, int, int, int, int, int, int]
    """Duty, distance, vehicles, lateness, stops left out, preferences, balance."""
    left_out: tuple[tuple[str, str], ...] = ()
    """Stop and reason."""


def lap(vehicle: str, start: str, *halts: str, end: str) -> tuple[str, str, tuple[str, ...], str]:
    return vehicle, start, halts, end


ALL_FOUR = ("A 08:10 08:10 08:15", "B 08:25 08:25 08:30", "C 08:40 08:40 08:45", "D 08:55 08:55 09:00")
"""Where nothing binds: 50 minutes of driving and 20 of service, from 08:00 to 09:10."""

WORKED: Final[dict[str, Worked]] = {
    # A at the last instant of its first window; then B is reached at 08:35 and opens at 09:00.
    "several-windows": Worked(
        routes=(
            lap(
                *("VAN", "08:10", "A 08:20 08:20 08:25", "B 08:35 09:00 09:05", "C 09:15 09:15 09:20"),
                "D 09:30 09:30 09:35",
                end="09:45",
            ),
        ),
        cost=(95 * 40, 50 * 35, 3_000, 0, 0, 0, 0),
    ),
    # D is 15 minutes late at 50 cents, B 55 minutes at 10.
    "soft-windows": Worked(
        routes=(
            lap(
                *("VAN", "08:00", "C 08:30 08:30 08:35", "D 08:45 08:45 08:50", "A 09:10 09:10 09:15"),
                "B 09:25 09:25 09:30",
                end="10:00",
            ),
        ),
        cost=(120 * 40, 100 * 35, 3_000, 15 * 50 + 55 * 10, 0, 0, 0),
    ),
    # Nothing leaves before 08:30, and D is over 45 minutes later.
    "release-and-due": Worked(
        routes=(
            lap(
                *("VAN", "08:30", "D 09:10 09:10 09:15", "A 09:35 09:35 09:40", "B 09:50 09:50 09:55"),
                "C 10:05 10:05 10:10",
                end="10:30",
            ),
        ),
        cost=(120 * 40, 100 * 35, 3_000, 0, 0, 0, 0),
    ),
    # Of 2 + 2 + 1 cold boxes 3 have room; B has a priority of 1, so that leaving it out would cost 11,000.
    "loads-by-name": Worked(
        routes=(lap("VAN", "08:00", "B 08:20 08:20 08:25", "C 08:35 08:35 08:40", "D 08:50 08:50 08:55", end="09:05"),),
        cost=(65 * 40, 50 * 35, 3_000, 0, 10_000, 0, 0),
        left_out=(("A", "FLEET_FULL"),),
    ),
    # V1 has room for 1 only; V2 takes 4 + 3 + 2 = 9, its own 2 among them.
    "on-board": Worked(
        routes=(
            lap("V1", "08:00", "D 08:40 08:40 08:45", end="08:55"),
            lap("V2", "08:00", "A 08:10 08:10 08:15", "B 08:25 08:25 08:30", "C 08:40 08:40 08:45", end="09:05"),
        ),
        cost=((55 + 65) * 40, 100 * 35, 6_000, 0, 0, 0, 0),
    ),
    "skills": Worked(
        routes=(
            lap("V1", "08:00", "A 08:10 08:10 08:15", end="08:55"),
            lap("V2", "08:00", "B 08:20 08:20 08:25", "C 08:35 08:35 08:40", end="09:00"),
        ),
        cost=((55 + 60) * 40, 100 * 35, 6_000, 0, 10_000, 0, 0),
        left_out=(("D", "SKILL"),),
    ),
    # D costs 300 with V1 and 700 with V2, C 500 with V1 and nothing with V2.
    "vehicle-choice": Worked(
        routes=(
            lap("V1", "08:00", "A 08:10 08:10 08:15", "D 08:45 08:45 08:50", end="09:00"),
            lap("V2", "08:00", "B 08:20 08:20 08:25", "C 08:35 08:35 08:40", end="09:00"),
        ),
        cost=(120 * 40, 100 * 35, 6_000, 0, 0, 300, 0),
    ),
    # Ben is a stranger to A and D; Ana would be one to B, C and D.
    "drivers": Worked(
        routes=(lap("V2", "08:00", *ALL_FOUR, end="09:10"),),
        cost=(70 * 40, 50 * 35, 3_000, 0, 0, 2 * 400, 0),
    ),
    # Only V2 may leave its territory, for 600 a stop: D lies in another one.
    "territories": Worked(
        routes=(
            lap("V1", "08:00", "A 08:10 08:10 08:15", "B 08:25 08:25 08:30", end="09:00"),
            lap("V2", "08:00", "C 08:30 08:30 08:35", "D 08:45 08:45 08:50", end="09:00"),
        ),
        cost=(120 * 40, 100 * 35, 6_000, 0, 0, 600, 0),
    ),
    # After B: on the way from A there would be five minutes of waiting for it, and C is left too late.
    "breaks": Worked(
        routes=(
            lap(
                *("VAN", "08:00", "A 08:10 08:10 08:15", "B 08:25 08:25 08:30", "rest 08:40 09:10"),
                *("C 09:10 09:10 09:15", "D 09:25 09:25 09:30"),
                end="09:40",
            ),
        ),
        cost=(100 * 40, 50 * 35, 3_000, 0, 0, 0, 0),
    ),
    # The ring takes 100 minutes and 100 km from each to the next: 200 driven at B and 300 at C, 270 are allowed.
    "driving-rules": Worked(
        routes=(
            lap(
                *("TRUCK", "06:00", "A 07:40 07:40 07:45", "rest 09:25 09:40", "B 09:40 09:45 09:50"),
                *("rest 11:00 11:30", "C 12:00 12:00 12:05", "D 13:45 13:45 13:50"),
                end="15:30",
            ),
        ),
        cost=(570 * 40, 500 * 35, 3_000, 0, 0, 0, 0),
    ),
    # The van is full with 3 + 2 when it leaves; the piano takes 3.
    "shipments": Worked(
        routes=(
            lap(
                *("VAN", "08:00", "B 08:20 08:20 08:25", "D 08:45 08:45 08:50", "A 09:10 09:10 09:15"),
                "C 09:35 09:35 09:40",
                end="10:00",
            ),
        ),
        cost=(120 * 40, 100 * 35, 3_000, 0, 0, 0, 0),
    ),
    "pickups": Worked(
        routes=(
            lap(
                *("VAN", "08:00", "B 08:20 08:20 08:25", "C 08:35 08:35 08:40", "D 08:50 08:50 08:55"),
                "A 09:15 09:15 09:20",
                end="10:00",
            ),
        ),
        cost=(120 * 40, 100 * 35, 3_000, 0, 0, 0, 0),
    ),
    # Two trips of two, but three boxes are in stock: D is the cheapest to leave out.
    "reloads": Worked(
        routes=(
            lap(
                *("VAN", "08:00", "A 08:10 08:10 08:15", "B 08:25 08:25 08:30", "HUB 09:00 09:00 09:10"),
                "C 09:40 09:40 09:45",
                end="10:05",
            ),
        ),
        cost=(125 * 40, 100 * 35, 3_000, 0, 4_000, 0, 0),
        left_out=(("D", "STOCK"),),
    ),
    # Depot to A to B, and C to D to depot: 20 km each.
    "starts-and-ends": Worked(
        routes=(
            lap("V1", "08:00", "A 08:10 08:10 08:15", "B 08:25 08:25 08:30", end="08:30"),
            lap("V2", "08:00", "C 08:00 08:00 08:05", "D 08:15 08:15 08:20", end="08:30"),
        ),
        cost=(60 * 40, 40 * 35, 6_000, 0, 0, 0, 0),
    ),
    # 6 + 4 + 4 of 10 fit; D would fit, but its five minutes cost 200 and it is worth 100.
    "priorities": Worked(
        routes=(lap("VAN", "08:00", "B 08:20 08:20 08:25", "C 08:35 08:35 08:40", end="09:00"),),
        cost=(60 * 40, 50 * 35, 3_000, 0, 10_000 + 100, 0, 0),
        left_out=(("A", "FLEET_FULL"), ("D", "COST")),
    ),
    # The truck takes 15 minutes at A and B, 2 at C and D.
    "service-by-type": Worked(
        routes=(
            lap("V1", "08:00", "A 08:10 08:10 08:15", "B 08:25 08:25 08:30", end="09:00"),
            lap("V2", "08:00", "C 08:30 08:30 08:32", "D 08:42 08:42 08:44", end="08:54"),
        ),
        cost=((60 + 54) * 40, 100 * 35, 6_000, 0, 0, 0, 0),
    ),
    # A and B are at the first place of the ring, C and D at the second.
    "setup": Worked(
        routes=(
            lap(
                *("VAN", "08:00", "A 08:10 08:14 08:19", "B 08:19 08:19 08:24", "C 08:34 08:38 08:43"),
                "D 08:43 08:43 08:48",
                end="09:18",
            ),
        ),
        cost=(78 * 40, 50 * 35, 3_000, 0, 0, 0, 0),
    ),
    # A takes 5 minutes and twice 2 on foot; only C right away keeps its window, and nothing comes between B and D.
    "walking-and-together": Worked(
        routes=(
            lap(
                *("VAN", "08:00", "C 08:30 08:30 08:35", "A 09:05 09:05 09:14", "B 09:24 09:24 09:29"),
                "D 09:49 09:49 09:54",
                end="10:04",
            ),
        ),
        cost=(124 * 40, 100 * 35, 3_000, 0, 0, 0, 0),
    ),
    # V2 has an hour: a lap and twice 5 minutes. C and D take 10 each.
    "limits": Worked(
        routes=(
            lap("V1", "08:00", "C 08:30 08:30 08:40", "D 08:50 08:50 09:00", end="09:10"),
            lap("V2", "08:00", "A 08:10 08:10 08:15", "B 08:25 08:25 08:30", end="09:00"),
        ),
        cost=((70 + 60) * 40, 100 * 35, 6_000, 0, 0, 0, 0),
    ),
    # V1: 50 cents a minute, 20 a km, 2,000 for leaving, and 10 minutes of overtime at 100.
    "prices": Worked(
        routes=(lap("V1", "08:00", *ALL_FOUR, end="09:10"),),
        cost=(70 * 50, 50 * 20, 2_000, 10 * 100, 0, 0, 0),
    ),
    # 70 and 65 minutes: 4,900 + 4,225 square minutes are 9,125 / 3,600 square hours, at 720 cents.
    "balance": Worked(
        routes=(
            lap("V1", "08:00", "A 08:10 08:10 08:30", end="09:10"),
            lap("V2", "08:00", "B 08:20 08:20 08:25", "C 08:35 08:35 08:40", "D 08:50 08:50 08:55", end="09:05"),
        ),
        cost=(135 * 40, 100 * 35, 6_000, 0, 0, 0, 1_825),
    ),
    # The table came in last, so it goes out first, at D; only then can the sofa at C.
    "lifo": Worked(
        routes=(
            lap(
                *("VAN", "08:00", "A 08:10 08:10 08:15", "B 08:25 08:25 08:30", "D 08:50 08:50 08:55"),
                "C 09:35 09:35 09:40",
                end="10:00",
            ),
        ),
        cost=(120 * 40, 100 * 35, 3_000, 0, 0, 0, 0),
    ),
    # Food at A and D, which is V1's; glue at B keeps away from it, and the windows at C want the glue.
    "goods": Worked(
        routes=(
            lap("V1", "08:00", "A 08:10 08:10 08:15", "D 08:45 08:45 08:50", end="09:00"),
            lap("V2", "08:00", "B 08:20 08:20 08:25", "C 08:35 08:35 08:40", end="09:00"),
        ),
        cost=(120 * 40, 100 * 35, 6_000, 0, 0, 0, 0),
    ),
    # No van comes to A and D. The bike rides both ways, 15 minutes and 3 km from each to the next.
    "profiles": Worked(
        routes=(
            lap("VAN", "08:00", "B 08:20 08:20 08:25", "C 08:35 08:35 08:40", end="09:00"),
            lap("BIKE", "08:00", "A 08:15 08:15 08:20", "D 08:50 08:50 08:55", end="09:10"),
        ),
        cost=((60 + 70) * 40, (50 + 12) * 35, 6_000, 0, 0, 0, 0),
    ),
}
