"""Texts of Li and Lim's form, of two shipments by hand."""

from __future__ import annotations

import pytest

from routing.errors import InputError
from routing.feeds.li_lim import read_li_lim
from routing.feeds.vrplib_files import read_instance
from routing.feeds.vrplib_options import Aim, Rounding
from routing.feeds.vrplib_problem import vrp_problem
from routing.problem.validate import validate

TEXT = """3\t50\t1
0\t0\t0\t0\t0\t230\t0\t0\t0
1\t6\t8\t-20\t30\t90\t10\t3\t0
2\t1\t1\t15\t0\t100\t10\t0\t4
3\t3\t4\t20\t20\t60\t10\t0\t1
4\t0\t9\t-15\t0\t200\t10\t2\t0
"""


def test_reads_tasks_and_which_belong_together():
    found = read_instance(TEXT.replace("\n", "\r\n").encode(), name="lt.txt")
    assert (found.name, found.kind, found.rounding) == ("lt.txt", "PDPTW", "double")
    assert (found.vehicles, found.capacity, found.stops) == (3, 50, 4)
    assert found.weight[0].tolist() == [0, 10, 2**0.5, 5, 9]
    assert found.demand.tolist() == [0, -20, 15, 20, -15]
    assert found.window_start.tolist() == [0, 30, 0, 20, 0]
    assert found.window_end.tolist() == [230, 90, 100, 60, 200]
    assert found.service.tolist() == [0, 10, 10, 10, 10]
    assert found.carried == ((2, 4), (3, 1))


def test_rounds_where_asked():
    assert read_instance(TEXT.encode(), name="lt", rounding=Rounding.TRUNC).weight[0, 2] == 1


def test_makes_shipments_of_pairs_in_ten_thousandths():
    asked = vrp_problem(read_li_lim(TEXT, name="lt"), Aim.VEHICLES)
    problem = asked.problem
    assert validate(problem) == ()
    assert asked.scale == 10_000
    assert [(each.pickup_stop_id, each.delivery_stop_id, each.load) for each in problem.shipments] == [
        ("2", "4", 15),
        ("3", "1", 20),
    ]
    assert [stop.load for stop in problem.stops] == [0, 0, 0, 0]
    assert [vehicle.capacity for vehicle in problem.vehicles] == [50, 50]
    # The root of 2 is 1.41421356…: metres to the nearest part, seconds up.
    assert int(problem.travel.matrix.distance_m[0, 2]) == 14_142
    assert int(problem.travel.matrix.duration_s[0, 2]) == 14_143
    # Way on at most: 10, 10, root of 74 = 8.60, 5.83, 9; one vehicle more is never worth it.
    assert problem.objective.vehicle_cents > 43 * 10_000
    assert problem.objective.unserved_cents == 2 * problem.objective.vehicle_cents


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("3\t50\t1\n", "3\t50\n", [1]),
        ("3\t50\t1\n", "3\t50\t2\n", [1]),
        ("4\t0\t9", "5\t0\t9", [6]),
        ("\t0\t100\t", "\t100\t0\t", [4]),
        ("4\t0\t9", "4\tx\t9", [6]),
        ("\t0\t0\t0\t0\t230", "\t0\t0\t5\t0\t230", [2]),
        ("15\t0\t100\t10\t0\t4", "16\t0\t100\t10\t0\t4", [4, 6]),
        ("15\t0\t100\t10\t0\t4", "15\t0\t100\t10\t0\t1", [4, 6]),
        ("15\t0\t100\t10\t0\t4", "15\t0\t100\t10\t4\t0", [4, 6]),
        ("15\t0\t100\t10\t0\t4", "15\t0\t100\t10\t0\t9", [4, 6]),
    ],
)
def test_names_the_line_of_a_fault(old, new, lines):
    assert TEXT.count(old) == 1
    with pytest.raises(InputError) as caught:
        read_li_lim(TEXT.replace(old, new), name="t")
    assert [issue.where for issue in caught.value.issues] == [f"t:{line}" for line in lines]


def test_a_pickup_without_its_delivery_is_told():
    with pytest.raises(InputError) as caught:
        read_li_lim("\n".join(TEXT.splitlines()[:2]), name="t")
    assert [issue.where for issue in caught.value.issues] == ["t:2"]
