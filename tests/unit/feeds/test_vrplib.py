"""VRPLIB files: what they ask, with distances worked out by hand, and every fault with its line."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from routing.errors import InputError
from routing.feeds.vrplib_files import read_instance
from routing.feeds.vrplib_options import Rounding
from routing.feeds.vrplib_solution import solution_cost, solution_text

EXPLICIT = """NAME : three
COMMENT : "by hand"
TYPE : VRPTW
DIMENSION : 3
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : FULL_MATRIX
VEHICLES : 2
CAPACITY : 10
EDGE_WEIGHT_SECTION
0 4 7
5 0 2
6 3 0
DEMAND_SECTION
1 0
2 4
3 5
DEPOT_SECTION
1
-1
SERVICE_TIME_SECTION
1 0
2 10
3 20
TIME_WINDOW_SECTION
1 0 100
2 10 40
3 0 50
EOF
"""

POINTS = """NAME: corner
TYPE: CVRP
DIMENSION: 3
EDGE_WEIGHT_TYPE: EUC_2D
CAPACITY: 9
NODE_COORD_SECTION
1 0 0
2 1 1
3 3 0
DEMAND_SECTION
1 0
2 1
3 2
DEPOT_SECTION
 1
 -1
EOF
"""


def read(text, **options):
    return read_instance(text.encode(), name="f.vrp", **options)


def faults(text, **options):
    with pytest.raises(InputError) as caught:
        read(text, **options)
    return [(issue.code, issue.where) for issue in caught.value.issues]


def test_reads_an_asymmetric_table_with_windows_and_services():
    found = read(EXPLICIT)
    assert (found.name, found.kind, found.capacity, found.vehicles, found.rounding) == (
        "three",
        "VRPTW",
        10,
        2,
        "explicit",
    )
    assert found.weight.tolist() == [[0, 4, 7], [5, 0, 2], [6, 3, 0]]
    assert found.demand.tolist() == [0, 4, 5]
    assert found.service.tolist() == [0, 10, 20]
    assert found.window_start.tolist() == [0, 10, 0]
    assert found.window_end.tolist() == [100, 40, 50]
    # out over 1 and 2: 4 + 2 + 6; the other way round 7 + 3 + 5
    assert solution_cost(found, [[1, 2]]) == 12
    assert solution_cost(found, [[2, 1]]) == 15
    assert solution_text(found, [[2], [1]]) == "Route #1: 2\nRoute #2: 1\nCost 22\n"


def test_reads_a_compressed_file_with_lines_of_windows():
    content = gzip.compress(EXPLICIT.replace("\n", "\r\n").encode())
    assert read_instance(content, name="f.vrp.gz").weight[2, 0] == 6


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        # places 1, 2, 3 with 1-2: 4, 1-3: 7, 2-3: 2
        ("LOWER_ROW", "4\n7 2"),
        ("LOWER_DIAG_ROW", "0\n4 0\n7 2 0"),
        ("UPPER_ROW", "4 7\n2"),
        ("UPPER_DIAG_ROW", "0 4 7 0 2 0"),
        ("LOWER_COL", "4 7 2"),
        ("LOWER_DIAG_COL", "0 4 7 0 2 0"),
        ("UPPER_COL", "4 7 2"),
        ("UPPER_DIAG_COL", "0 4 0 7 2 0"),
    ],
)
def test_reads_half_a_table(form, numbers):
    whole = "0 4 7\n5 0 2\n6 3 0"
    found = read(EXPLICIT.replace("FULL_MATRIX", form).replace(whole, numbers))
    assert found.weight.tolist() == [[0, 4, 7], [4, 0, 2], [7, 2, 0]]


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        # roots of 2 and 5: 1.41421, 2.23607
        (None, [1, 2]),
        (Rounding.ROUND, [1, 2]),
        (Rounding.TRUNC, [1, 2]),
        (Rounding.CEIL, [2, 3]),
        (Rounding.DIMACS, [1.4, 2.2]),
        (Rounding.DOUBLE, [2**0.5, 5**0.5]),
        (Rounding.EXACT, [2**0.5, 5**0.5]),
    ],
)
def test_rounds_as_asked(rounding, expected):
    found = read(POINTS, rounding=rounding)
    assert [found.weight[0, 1], found.weight[1, 2]] == expected
    assert found.weight[0, 2] == 3


def test_the_middle_between_two_whole_numbers_is_rounded_up():
    assert read(POINTS.replace("2 1 1", "2 1.5 2")).weight[0, 1] == 3  # 2.5


def test_cutting_keeps_whole_tenths():
    # 0.3 and 0.4 and their diagonal 0.5: tenths that the root of a binary fraction may miss from below
    assert read(POINTS.replace("2 1 1", "2 5 12"), rounding=Rounding.DIMACS).weight[0, 1] == 13


def test_a_cost_has_the_decimals_of_its_rounding():
    # 1.4 + 2.2 + 3 and 1.41421 + 2.23607 + 3
    assert solution_text(read(POINTS, rounding=Rounding.DIMACS), [[1, 2]]).endswith("Cost 6.6\n")
    assert solution_text(read(POINTS, rounding=Rounding.DOUBLE), [[1, 2]]).endswith("Cost 6.6503\n")


def test_a_limit_of_length_and_a_service_for_all():
    found = read(POINTS.replace("CAPACITY: 9", "CAPACITY: 9\nDISTANCE: 20.5\nSERVICE_TIME: 3"))
    assert (found.longest, found.service.tolist(), found.decimals) == (20.5, [0, 3, 3], 1)
    assert np.isinf(found.window_end).all()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("TYPE : VRPTW", "TYPE : VRPPD", [("VRPLIB_TYPE", "f.vrp:3")]),
        ("CAPACITY : 10", "CAPACITY : many", [("VRPLIB_NUMBER", "f.vrp:8")]),
        ("CAPACITY : 10", "", [("VRPLIB_MISSING", "f.vrp")]),
        ("CAPACITY : 10", "CAPACITY : 10\nMAX_TRIPS : 2", [("VRPLIB_KEYWORD", "f.vrp:9")]),
        ("FULL_MATRIX", "SPARSE", [("VRPLIB_WEIGHTS", "f.vrp:6")]),
        ("EXPLICIT", "GEO", [("VRPLIB_WEIGHTS", "f.vrp:5")]),
        ("5 0 2\n", "5 0\n", [("VRPLIB_COUNT", "f.vrp:9")]),
        ("5 0 2\n", "5 x 2\n", [("VRPLIB_LINE", "f.vrp:11")]),
        ("5 0 2\n", "5 nan 2\n", [("VRPLIB_NUMBER", "f.vrp:9")]),
        ("2 4\n", "2 4.5\n", [("VRPLIB_DEMAND", "f.vrp:15")]),
        ("1 0\n2 4", "1 3\n2 4", [("VRPLIB_DEMAND", "f.vrp:14")]),
        ("2 4\n", "3 4\n", [("VRPLIB_PLACE", "f.vrp:16")]),
        ("2 4\n", "", [("VRPLIB_PLACE", "f.vrp:13")]),
        ("2 4\n", "7 4\n", [("VRPLIB_PLACE", "f.vrp:15")]),
        ("2 10 40", "2 40 10", [("VRPLIB_WINDOW", "f.vrp:26")]),
        ("2 10 40", "2 10", [("VRPLIB_LINE", "f.vrp:26")]),
        ("2 10\n", "2 -10\n", [("VRPLIB_NUMBER", "f.vrp:22")]),
        ("\n1\n-1\n", "\n1\n2\n-1\n", [("VRPLIB_DEPOT", "f.vrp:17")]),
        ("\n1\n-1\n", "\n2\n-1\n", [("VRPLIB_DEPOT", "f.vrp:17")]),
        ("EOF", "BACKHAUL_SECTION\n2\n-1\nEOF", [("VRPLIB_SECTION", "f.vrp:28")]),
        ("EOF", "DEPOT_SECTION\n1\n-1\nEOF", [("VRPLIB_TWICE", "f.vrp:28")]),
        ("NAME", "what is this\nNAME", [("VRPLIB_LINE", "f.vrp:1")]),
        ("DIMENSION : 3", "DIMENSION : 1", [("VRPLIB_NUMBER", "f.vrp:4")]),
    ],
)
def test_names_the_line_of_a_fault(old, new, expected):
    assert EXPLICIT.count(old) >= 1
    assert faults(EXPLICIT.replace(old, new, 1)) == expected


def test_names_all_faults_at_once():
    text = EXPLICIT.replace("VRPTW", "MDVRP").replace("2 4\n", "2 four\n").replace("3 0 50", "3 50 0")
    assert faults(text) == [
        ("VRPLIB_TYPE", "f.vrp:3"),
        ("VRPLIB_LINE", "f.vrp:15"),
        ("VRPLIB_WINDOW", "f.vrp:27"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FORMAT_UNKNOWN"),
        (b"stop_id,lat\nA,1\n", "FORMAT_UNKNOWN"),
        (b"\xff\xfe", "FILE_ENCODING"),
        (b"\x1f\x8bbroken", "FILE_COMPRESSION"),
        (gzip.compress(EXPLICIT.encode())[:-20], "FILE_COMPRESSION"),
        (b"25\t200\t1\n0\t40\t50\t0\t0\t1236\t0\t0\t0\n1\t45\t68\t-10\t9\t96\t90\t1\t0\n", "LI_LIM_LINE"),
    ],
)
def test_refuses_what_it_does_not_carry(content, code):
    with pytest.raises(InputError) as caught:
        read_instance(content, name="f")
    assert [issue.code for issue in caught.value.issues] == [code]
