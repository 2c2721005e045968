"""How likely somebody is at home, as text and as JSON."""

from __future__ import annotations

from datetime import date

import pytest

from routing.events.asked import AvailabilityStep
from routing.interface.availability_cells import availability_text, read_availability
from routing.interface.time_cells import Calendar

CALENDAR = Calendar(day=date(1970, 1, 2), time_zone="UTC")
H = 3_600
NINE, NOON, FIVE = (86_400 + hour * H for hour in (9, 12, 17))
MORNING = AvailabilityStep(from_s=NINE, until_s=NOON, at_home_ratio=0.8)
AFTERNOON = AvailabilityStep(from_s=NOON, until_s=FIVE, at_home_ratio=0.35)


def test_a_cell_and_json_say_the_same():
    cell = "12:00/17:00=0.35; 09:00/12:00=0.8"
    spans = [{"from": "09:00", "until": "12:00", "at_home": 0.8}, {"from": "12:00", "until": "17:00", "at_home": 0.35}]
    assert read_availability(cell, CALENDAR, "here") == ((MORNING, AFTERNOON), [])
    assert read_availability(spans, CALENDAR, "here") == ((MORNING, AFTERNOON), [])


@pytest.mark.parametrize("nothing", ["", None, []])
def test_nothing_is_surely_at_home(nothing):
    assert read_availability(nothing, CALENDAR, "here") == ((), [])


def test_what_is_written_is_read_again():
    text = availability_text((MORNING, AFTERNOON), CALENDAR)
    assert text.startswith("09:00/12:00=")
    assert read_availability(text, CALENDAR, "here") == ((MORNING, AFTERNOON), [])


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ("09:00-12:00 80%", "here"),
        ("09:00/12:00=1.5", "here.at_home"),
        ("09:00/12:00=nan", "here.at_home"),
        ("09:00/09:00=0.5", "here"),
        ("09:00/12:00=0.5; 11:00/13:00=0.5", "here"),
        ([{"from": "09:00", "until": "12:00", "at_home": True}], "here[0].at_home"),
        ([{"from": "09:00", "until": "12:00", "at_home": 1, "p": 1}], "here[0].p"),
        ([{"at_home": 1}], "here[0]"),
        ([7], "here[0]"),
        (7, "here"),
    ],
)
def test_a_fault_is_told_with_its_place(value, where):
    steps, issues = read_availability(value, CALENDAR, "here")
    assert [(issue.code, issue.where) for issue in issues] == [("AVAILABILITY", where)]
    assert len(steps) in (0, 2)


def test_a_time_that_is_none_is_a_fault_of_its_own():
    _, issues = read_availability("9 o'clock/12:00=0.5", CALENDAR, "here")
    assert [(issue.code, issue.where) for issue in issues] == [("TIME_FORMAT", "here:from")]
