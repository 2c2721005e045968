"""A day of two drivers under Regulation (EC) No 561/2006, worked out by hand from its text.

What the text says, and where the day shows it:

- Article 4(q): a driving period is what is driven since a rest or a break ended, at one go or not. So Ann, who has
  driven two hours since her last break, brings these into her first leg.
- Article 7: after four and a half hours of driving there is a break of 45 minutes without interruption, unless a rest
  begins; one of at least 15 minutes followed by one of at least 30, both within that period, may replace it. The first
  leg of Ann takes three hours, so her break lies on the road after two and a half of them. Ben, who has driven four
  hours when he leaves his first stop, had his 15 minutes in the morning: 30 are left to take, after half an hour more.
- Article 4(d): in a break a driver neither drives nor works, but recovers. Ann is at her second stop 45 minutes before
  it opens, and may do as she likes until then: the waiting is a break, and costs no time of its own.
- Article 6(1), 4(k): what is driven from one daily rest to the next is nine hours at most, ten twice a week. Ann drives
  two hours before and seven after: nine. Z would take her a minute more.
- Article 6(2), 4(i): from Monday to Sunday 56 hours at most. Ben has driven 51 and a half, and ends with 55 and a half.
- Article 6(3): 90 hours at most in two weeks that follow each other. Ben ends with exactly these.
- Article 8(2), 4(g): within 24 hours of the end of the last daily rest the next one is taken, of 11 hours, or at least
  9 three times between two weekly rests (Article 8(4)): so a day's duty spans 13 hours, or 15.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from routing.network.location import Location
from routing.plan.model import Route
from routing.problem.driving_rules import DrivingClocks, eu_561
from routing.problem.model import Objective, Problem, Stop, TimeWindow, Vehicle
from routing.problem.travel import MatrixTravel
from routing.travel.matrix import TravelMatrix

MONDAY_S = 1_795_392_000
"""2026-11-23, 00:00 UTC."""
MINUTE_S = 60
DRIVES_MIN = {(0, 1): 180, (1, 2): 120, (0, 2): 120, (0, 3): 60, (3, 4): 90, (0, 4): 90, (2, 5): 10, (0, 5): 111}
"""Minutes between pairs of places; five hours between all others."""
ORDERS = {"Ann": ("X", "Y"), "Ben": ("P", "Q")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Tell the clocks of a driver at an instant, all as H:MM."""

    at: str
    what: str
    since_break: str
    today: str
    on_duty: str


def row(at: str, what: str, since_break: str, today: str, on_duty: str) -> Row:
    return Row(at=at, what=what, since_break=since_break, today=today, on_duty=on_duty)


WORKED = {
    "Ann": (
        row("08:30", "leaves, 2:00 driven since 06:00", "2:00", "2:00", "2:30"),
        row("11:00", "break on the road", "4:30", "4:30", "5:00"),
        row("11:45", "drives on", "0:00", "4:30", "5:45"),
        row("12:15", "is at X", "0:30", "5:00", "6:15"),
        row("12:45", "leaves X", "0:30", "5:00", "6:45"),
        row("14:45", "break on arrival", "2:30", "7:00", "8:45"),
        row("15:30", "is at Y", "0:00", "7:00", "9:30"),
        row("16:00", "leaves Y", "0:00", "7:00", "10:00"),
        row("18:00", "is back", "2:00", "9:00", "12:00"),
    ),
    "Ben": (
        row("09:00", "leaves, 4:30 driven since 05:00", "3:00", "4:30", "4:00"),
        row("10:00", "is at P", "4:00", "5:30", "5:00"),
        row("10:20", "leaves P", "4:00", "5:30", "5:20"),
        row("10:50", "break on the road", "4:30", "6:00", "5:50"),
        row("11:20", "drives on", "0:00", "6:00", "6:20"),
        row("12:20", "is at Q", "1:00", "7:00", "7:20"),
        row("13:00", "leaves Q", "1:00", "7:00", "8:00"),
        row("14:30", "is back", "2:30", "8:30", "9:30"),
    ),
}
"""What both drivers do, by hand: driven since the last break and today, and since the last daily rest ended."""


def instant(clock: str) -> int:
    hours, minutes = clock.split(":")
    return MONDAY_S + int(hours) * 3_600 + int(minutes) * MINUTE_S


def worked_day() -> Problem:
    """Return the day as it is asked; Z lies ten minutes behind Y, and is worth least."""
    size = 6
    minutes = np.full((size, size), 300, np.int32)
    np.fill_diagonal(minutes, 0)
    for pair, drive_min in DRIVES_MIN.items():
        minutes[pair] = minutes[pair[::-1]] = drive_min
    matrix = TravelMatrix(
        duration_s=minutes[None] * MINUTE_S,
        distance_m=minutes[None] * 1_200,
        reachable=np.ones((1, size, size), np.bool_),
        slice_start_s=np.array([MONDAY_S], np.int64),
    )
    morning = TimeWindow(start_s=instant("08:00"), end_s=instant("11:00"))
    afternoon = TimeWindow(start_s=instant("15:30"), end_s=instant("17:00"))
    stops = (
        Stop(id="X", place=1, service_s=30 * MINUTE_S, allowed_vehicles=("Ann",)),
        Stop(id="Y", place=2, service_s=30 * MINUTE_S, allowed_vehicles=("Ann",), windows=(afternoon,)),
        Stop(id="Z", place=5, allowed_vehicles=("Ann",), unserved_cents=1_000),
        Stop(id="P", place=3, service_s=20 * MINUTE_S, allowed_vehicles=("Ben",), windows=(morning,)),
        Stop(id="Q", place=4, service_s=40 * MINUTE_S, allowed_vehicles=("Ben",)),
    )
    ann = DrivingClocks(
        driving_since_break_s=120 * MINUTE_S,
        driving_today_s=120 * MINUTE_S,
        on_duty_since_s=instant("06:00"),
        driving_week_s=40 * 3_600,
        driving_fortnight_s=70 * 3_600,
    )
    ben = DrivingClocks(
        driving_since_break_s=180 * MINUTE_S,
        split_taken=True,
        driving_today_s=270 * MINUTE_S,
        on_duty_since_s=instant("05:00"),
        driving_week_s=51 * 3_600 + 1_800,
        driving_fortnight_s=86 * 3_600,
    )
    return Problem(
        stops=stops,
        vehicles=(_truck("Ann", "08:30", ann), _truck("Ben", "09:00", ben)),
        places=(Location(lat_deg=0.0, lon_deg=0.0),) * size,
        travel=MatrixTravel(matrix=matrix),
        objective=Objective(unserved_cents=100_000),
    )


def _truck(name: str, leaves: str, clocks: DrivingClocks) -> Vehicle:
    return Vehicle(
        id=name,
        profile="truck",
        capacity=1,
        shift=TimeWindow(start_s=instant(leaves), end_s=instant("21:00")),
        start_place=0,
        end_place=0,
        start_fixed=True,
        driving_rules=eu_561(),
        driving_clocks=clocks,
    )


def clocks_along(vehicle: Vehicle, route: Route) -> tuple[Row, ...]:
    """Return the clocks of a driver at every event of a route, by what its legs and rests tell."""
    rules, brought = vehicle.driving_rules, vehicle.driving_clocks
    assert rules is not None
    assert brought.on_duty_since_s is not None
    since_s, today_s, split = brought.driving_since_break_s, brought.driving_today_s, brought.split_taken
    rows = []

    def tell(at_s: int, what: str) -> None:
        clock, duty_s = at_s - MONDAY_S, at_s - (brought.on_duty_since_s or 0)
        rows.append(row(f"{_h_mm(clock):0>5}", what, _h_mm(since_s), _h_mm(today_s), _h_mm(duty_s)))

    on_duty = f"{_h_mm(brought.on_duty_since_s - MONDAY_S):0>5}"
    tell(route.start_s, f"leaves, {_h_mm(today_s)} driven since {on_duty}")
    for number, leg in enumerate(route.legs):
        now_s, left_s = leg.depart_s, leg.duration_s
        for rest in (rest for rest in route.rests if rest.leg == number):
            drive_s = min(left_s, rest.start_s - now_s)
            since_s, today_s, left_s, now_s = since_s + drive_s, today_s + drive_s, left_s - drive_s, rest.end_s
            tell(rest.start_s, "break on the road" if left_s else "break on arrival")
            second = split and rules.split_s is not None and rest.end_s - rest.start_s >= rules.split_s[1]
            if second or rest.end_s - rest.start_s >= rules.break_s:
                since_s, split = 0, False
            if left_s:
                tell(rest.end_s, "drives on")
        since_s, today_s = since_s + left_s, today_s + left_s
        if number == len(route.visits):
            tell(route.end_s, "is back")
        else:
            visit = route.visits[number]
            tell(visit.arrive_s, f"is at {visit.stop_id}")
            tell(visit.depart_s, f"leaves {visit.stop_id}")
    return tuple(rows)


def _h_mm(duration_s: int) -> str:
    return f"{duration_s // 3_600}:{duration_s % 3_600 // MINUTE_S:02}"
