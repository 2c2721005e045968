"""`routing vrplib`: the best plans of tiny instances are known by hand, and a checker of its own judges the files."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from routing.interface.cli import app

# A cross around the depot: two stops on each arm, at 10 and 20. A vehicle takes two arms: out 20, over 28.2 (the root
# of 800, cut), back 20.
CROSS = """CROSS

VEHICLE
NUMBER     CAPACITY
  4         4

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0        200          0
    1      10        0          1          0        200          1
    2      20        0          1          0        200          1
    3      -10       0          1          0        200          1
    4      -20       0          1          0        200          1
    5      0         10         1          0        200          1
    6      0         20         1          0        200          1
    7      0         -10        1          0        200          1
    8      0         -20        1          0        200          1
"""

# One way round is cheap (1 each), the other dear (9 each).
RING = """NAME : ring
TYPE : ACVRP
DIMENSION : 4
CAPACITY : 3
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : FULL_MATRIX
EDGE_WEIGHT_SECTION
0 1 9 9
9 0 1 9
9 9 0 1
1 9 9 0
DEMAND_SECTION
1 0
2 1
3 1
4 1
DEPOT_SECTION
1
-1
EOF
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["vrplib", *(str(argument) for argument in arguments)])


def checked(solution: Path, points: list[tuple[int, int]], capacity: int) -> float:
    """Return the length of a solution over unit loads; each stop once, no vehicle over its capacity."""
    *lines, cost = solution.read_text().splitlines()
    length, seen = 0.0, []
    for number, line in enumerate(lines, start=1):
        name, _, stops = line.partition(": ")
        assert name == f"Route #{number}"
        route = [int(stop) for stop in stops.split()]
        assert len(route) <= capacity
        seen += route
        for one, other in zip([0, *route], [*route, 0], strict=True):
            length += int(10 * math.dist(points[one], points[other]) + 1e-9) / 10
    assert sorted(seen) == list(range(1, len(points)))
    assert cost == f"Cost {length:.1f}"
    return length


def cross_points() -> list[tuple[int, int]]:
    rows = [line.split() for line in CROSS.splitlines()[9:]]
    return [(int(row[1]), int(row[2])) for row in rows]


@pytest.mark.parametrize("engine", ["ruin_recreate", "ortools"])
def test_finds_the_shortest_plan_and_writes_it(tmp_path: Path, engine: str) -> None:
    given, out = tmp_path / "cross.txt", tmp_path / "cross.sol"
    given.write_text(CROSS)
    result = run(given, "--iterations", 2000, "--engine", engine, "-o", out, "--best-known", 136.4)
    assert result.exit_code == 0, result.output
    assert checked(out, cross_points(), capacity=4) == pytest.approx(136.4)
    assert "cost 136.4, +0.00% of the best known" in result.stdout
    assert "8 stops" in result.stdout
    assert engine in result.stdout


def test_vehicles_first_where_more_of_them_would_be_shorter(tmp_path: Path) -> None:
    given = tmp_path / "star.vrp"
    given.write_text(RING.replace("0 1 9 9\n9 0 1 9\n9 9 0 1\n1 9 9 0", "0 1 1 1\n1 0 9 9\n1 9 0 9\n1 9 9 0"))
    shortest, fewest = (
        json.loads(run(given, "--iterations", 500, "--objective", aim, "--json").stdout)
        for aim in ("distance", "vehicles")
    )
    # each stop alone: 3 x 2; all in one round: 1 + 9 + 9 + 1
    assert (shortest["vehicles"], shortest["cost"]) == (3, 6)
    assert (fewest["vehicles"], fewest["cost"]) == (1, 20)


def test_goes_round_the_ring_the_cheap_way(tmp_path: Path) -> None:
    given, out = tmp_path / "ring.vrp", tmp_path / "ring.sol"
    given.write_text(RING)
    told = json.loads(run(given, "--iterations", 500, "-o", out, "--json", "--best-known", 5).stdout)
    assert (told["cost"], told["routes"], told["kind"], told["gap"]) == (4, [[1, 2, 3]], "ACVRP", pytest.approx(-0.2))
    assert out.read_text() == "Route #1: 1 2 3\nCost 4\n"


def test_tells_what_cannot_be_served(tmp_path: Path) -> None:
    given = tmp_path / "ring.vrp"
    given.write_text(RING.replace("3 1\n4 1", "3 5\n4 1"))
    result = run(given, "--iterations", 200, "--best-known", 4)
    assert result.exit_code == 0
    assert "unserved: 2  CAPACITY" in result.stdout
    assert "best known" not in result.stdout


def test_the_same_seed_and_count_give_the_same_plan(tmp_path: Path) -> None:
    given = tmp_path / "cross.txt"
    given.write_text(CROSS)
    one, other = (json.loads(run(given, "--iterations", 300, "--seed", 5, "--json").stdout) for _ in range(2))
    assert one["routes"] == other["routes"]


def test_refuses_faults_in_words(tmp_path: Path) -> None:
    given = tmp_path / "cross.txt"
    given.write_text(CROSS.replace("  4         4", "  4"))
    result = run(given)
    assert result.exit_code == 2
    assert "SOLOMON_LINE" in result.stderr
    assert run(tmp_path / "none.vrp").exit_code == 2
    assert run(given, "--time-limit", 1, "--iterations", 5).exit_code == 2
