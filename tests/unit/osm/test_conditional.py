"""https://wiki.openstreetmap.org/wiki/Conditional_restrictions, with examples from there and from real maps."""

from datetime import datetime

import opening_hours
import pytest

from routing.osm.conditional import Clause, Holds, clause_holds, either_hours, hours_without, parse_conditional
from routing.osm.vehicle import Vehicle

TRUCK = Vehicle(
    access_keys=("hgv", "goods", "motor_vehicle", "vehicle", "access"),
    height_m=4.0,
    width_m=2.55,
    length_m=12.0,
    weight_kg=18_000,
    rated_weight_kg=18_000,
    axle_load_kg=10_000,
)


def clause(value, hours=None, *others):
    return Clause(value=value, hours=hours, others=others)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("no @ (06:00-10:00)", [clause("no", "06:00-10:00")]),
        ("no @ Mo-Fr 07:00-19:00", [clause("no", "Mo-Fr 07:00-19:00")]),
        (
            "destination @ (06:30-08:30);destination @ (16:30-18:30)",
            [clause("destination", "06:30-08:30"), clause("destination", "16:30-18:30")],
        ),
        (
            "20 mph @ (Mo-Fr 07:00-09:00, 15:00-17:00; PH off); 30 mph @ wet",
            [clause("20 mph", "Mo-Fr 07:00-09:00, 15:00-17:00; PH off"), clause("30 mph", None, "wet")],
        ),
        ("no @ (weight>7.5 AND Su,PH 00:00-22:00)", [clause("no", "Su,PH 00:00-22:00", "weight>7.5")]),
        ("no @ Mo-Fr 07:00-19:00; Sa 08:00-12:00", [clause("no", "Mo-Fr 07:00-19:00; Sa 08:00-12:00")]),
        ("no @ (Mo-Fr AND 07:00-19:00)", [clause("no", "Mo-Fr 07:00-19:00")]),
        ("yes @ (Sa-Su 24h)", [clause("yes", "Sa-Su 00:00-24:00")]),
        ("no @ (Mo-Fr: 07:00-09:00)", [clause("no", "Mo-Fr 07:00-09:00")]),
        ("no @ (Mo-Fr) AND (07:00-19:00)", [clause("no", "Mo-Fr 07:00-19:00")]),
        ("no @ ((sunset+00:30)-(sunrise-00:30))", [clause("no", "(sunset+00:30)-(sunrise-00:30)")]),
        ("no @ destination", [clause("no", None, "destination")]),
        ("no @ (SH AND Mo-Fr 07:00-09:00)", [clause("no", None, "SH", "Mo-Fr 07:00-09:00")]),
        ("no @ 15.03. bis 15.09.", [clause("no", None, "15.03. bis 15.09.")]),
        ("07:00-09:00", [clause("", None, "07:00-09:00")]),
        ("no @ off", [clause("no", None, "off")]),
    ],
)
def test_clauses(text, clauses):
    assert list(parse_conditional(text)) == clauses


@pytest.mark.parametrize(
    ("others", "holds"),
    [
        ((), Holds.YES),
        (("weight>7.5",), Holds.YES),
        (("weight > 18",), Holds.NO),
        (("weight>=18",), Holds.YES),
        (("length<12",), Holds.NO),
        (("height>13'6\"",), Holds.NO),
        (("height>13'",), Holds.YES),
        (("axleload>11.5 t",), Holds.NO),
        (("weightrating>40000 lbs",), Holds.NO),
        (("maxweightrating>3.5",), Holds.YES),
        (("hgv",), Holds.YES),
        (("bus",), Holds.NO),
        (("hazmat",), Holds.NO),
        (("destination",), Holds.FOR_BUSINESS),
        (("delivery", "hgv"), Holds.FOR_BUSINESS),
        (("delivery", "bus"), Holds.NO),
        (("wet",), Holds.UNCLEAR),
        (("weight>heavy",), Holds.UNCLEAR),
        (("occupants>2",), Holds.UNCLEAR),
        (("Mo-Fr", "SH"), Holds.UNCLEAR),
    ],
)
def test_conditions_on_a_truck(others, holds):
    assert clause_holds(clause("no", None, *others), TRUCK) is holds


def test_a_limit_of_a_kind_without_a_fact_never_binds():
    bicycle = Vehicle(access_keys=("bicycle", "vehicle", "access"))
    assert clause_holds(clause("no", None, "weight>3.5"), bicycle) is Holds.NO
    assert clause_holds(clause("yes", None, "bicycle"), bicycle) is Holds.YES


def open_hours(words):
    """Return the hours of Monday 4 January 2027 in whose middle the words hold."""
    spoken = opening_hours.OpeningHours(words)
    return [hour for hour in range(24) if spoken.is_open(datetime(2027, 1, 4, hour, 30))]


def test_hours_are_joined_and_taken_away():
    both = either_hours("Mo-Fr 06:00-08:00", "Mo 10:00-11:00; Tu 12:00-13:00")
    assert open_hours(both) == [6, 7, 10]
    assert open_hours(hours_without("Mo-Fr 06:00-10:00", "Mo 07:00-08:00; Tu 08:00-09:00")) == [6, 8, 9]


def test_hours_that_switch_off_cannot_be_joined():
    assert either_hours("06:00-08:00", "Mo-Fr 10:00-11:00; PH off") is None
    assert hours_without("06:00-08:00", "Mo-Fr 10:00-11:00; PH off") is None
