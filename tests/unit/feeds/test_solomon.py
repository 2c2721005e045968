"""Texts of Solomon's form, of four places by hand."""

from __future__ import annotations

import pytest

from routing.errors import InputError
from routing.feeds.solomon import read_solomon
from routing.feeds.vrplib_files import read_instance
from routing.feeds.vrplib_options import Rounding

TEXT = """T101

VEHICLE
NUMBER     CAPACITY
  3         50

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0        230          0
    1      3         4         10         20         60         10
    2      1         1         30          0        100         10
    3      6         8         20         30         90         10
"""


def test_reads_places_and_cuts_distances_after_a_decimal():
    found = read_instance(TEXT.replace("\n", "\r\n").encode(), name="t.txt")
    assert (found.name, found.kind, found.vehicles, found.capacity) == ("T101", "VRPTW", 3, 50)
    # 5, root of 2 = 1.41, 10; from 1 to 2 the root of 13 = 3.61
    assert found.weight[0].tolist() == [0, 5, 1.4, 10]
    assert found.weight[1, 2] == 3.6
    assert found.demand.tolist() == [0, 10, 30, 20]
    assert found.window_start.tolist() == [0, 20, 0, 30]
    assert found.window_end.tolist() == [230, 60, 100, 90]
    assert found.service.tolist() == [0, 10, 10, 10]
    assert found.decimals == 1


def test_doubles_where_asked():
    found = read_instance(TEXT.encode(), name="t.txt", solomon_rounding=Rounding.DOUBLE)
    assert (found.weight[0, 2], found.decimals) == (2**0.5, None)
    assert read_instance(TEXT.encode(), name="t", rounding=Rounding.TRUNC).weight[0, 2] == 1


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ("  3         50", "  3", [5]),
        ("    1      3 ", "    5      3 ", [11]),
        ("         10         20", "        1.5         20", [11]),
        ("20         60", "60         20", [11]),
        ("    1      3         4         10", "    1      x         4", [11]),
        ("CUSTOMER", "CUSTOMERS", [3]),
    ],
)
def test_names_the_line_of_a_fault(old, new, lines):
    assert TEXT.count(old) == 1
    with pytest.raises(InputError) as caught:
        read_solomon(TEXT.replace(old, new), name="t")
    assert [issue.where for issue in caught.value.issues] == [f"t:{line}" for line in lines]


def test_names_all_faults_at_once():
    with pytest.raises(InputError) as caught:
        read_solomon(
            TEXT.replace("  3         50", "none").replace("230", "-1").replace("    1      3", "    x      3"),
            name="t",
        )
    assert [issue.where for issue in caught.value.issues] == ["t:5", "t:10", "t:11"]
