"""The pages of examples/constraints: they say what was worked out by hand, and the index what the code carries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from worked_examples import WORKED, Worked

from routing.interface.read_problem import read_problem
from routing.interface.write_problem import problem_bytes, problem_document
from routing.plan.engines.registry import CARRIES, Constraint, EngineName
from routing.plan.model import REASONS
from routing.plan.needs import needs
from routing.plan.verify import VIOLATIONS
from routing.replan.carried import CARRIED_BY_DAY

PAGES = Path(__file__).parents[3] / "examples" / "constraints"
EMPTY = ""


def rows(page: str, heading: str) -> list[list[str]]:
    """Return the cells of a page's table below its heading; none where it has no such table."""
    lines = (PAGES / page).read_text(encoding="utf-8").splitlines()
    if heading not in lines:
        return []
    first = lines.index(heading) + 2
    last = next((at for at in range(first, len(lines)) if not lines[at].startswith("|")), len(lines))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[first:last]]


def plan_rows(worked: Worked) -> list[list[str]]:
    found = []
    for vehicle, start, halts, end in worked.routes:
        found.append([vehicle, "start", EMPTY, EMPTY, start])
        for halt in halts:
            name, *times = halt.split()
            found.append([vehicle, name, *([EMPTY] * (3 - len(times))), *times])
        found.append([vehicle, "end", end, EMPTY, EMPTY])
    return found


@pytest.mark.parametrize("name", sorted(WORKED))
def test_the_page_says_what_was_worked_out(name: str) -> None:
    page, worked = f"{name}.md", WORKED[name]
    assert rows(page, "| vehicle | halt | arrives | begins | leaves |") == plan_rows(worked)
    heading = "| duty | distance | vehicles | lateness | left out | preferences | balance | total |"
    assert rows(page, heading) == [[f"{cents:,}" for cents in (*worked.cost, sum(worked.cost))]]
    assert rows(page, "| left out | reason |") == [[stop_id, f"`{reason}`"] for stop_id, reason in worked.left_out]


def test_each_page_has_an_example_and_each_example_a_page() -> None:
    assert {path.stem for path in PAGES.glob("*.json")} == set(WORKED)
    assert {path.stem for path in PAGES.glob("*.md")} == {*WORKED, "README"}
    listed = re.findall(
        r"^\| \[.*?\]\((.*?)\.md\) \| ", (PAGES / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(listed) == sorted(WORKED)


@pytest.mark.parametrize("name", sorted(WORKED))
def test_the_example_is_four_stops_and_stays_as_it_is(name: str) -> None:
    path = PAGES / f"{name}.json"
    problem = read_problem(path)
    assert len(problem.stops) == 4
    assert problem_bytes(problem_document(problem)) == path.read_bytes()


@pytest.mark.parametrize("name", sorted(WORKED))
def test_the_page_names_codes_and_constraints_that_there_are(name: str) -> None:
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    said = " ".join(re.findall(r"^Checked by.*?\.$", text, re.MULTILINE | re.DOTALL)[0].split())
    checked, explained = said.split("explained as")
    assert set(re.findall(r"`([A-Z_]+)`", checked)) <= set(VIOLATIONS)
    assert set(re.findall(r"`([A-Z_]+)`", explained)) <= set(REASONS)
    asks = " ".join(re.findall(r"^Asked of an engine as .*?:\s+see", text, re.MULTILINE | re.DOTALL)[0].split())
    named = set(re.findall(r"\*(.*?)\*", asks))
    assert named <= {str(constraint) for constraint in Constraint}
    asked = {str(constraint) for constraint in needs(read_problem(PAGES / f"{name}.json"))}
    assert named & asked, "the example asks for none of what its page is about"


def test_the_index_says_what_each_engine_and_a_live_day_carry() -> None:
    found = rows("README.md", "| what a problem may ask for | page | `ruin_recreate` | `ortools` | live day |")
    assert [[row[0], *row[2:]] for row in found] == [
        [str(constraint), *("yes" if constraint in able else "no" for able in (*CARRIES.values(), CARRIED_BY_DAY))]
        for constraint in Constraint
    ]
    assert list(CARRIES) == list(EngineName)


def test_the_index_leads_to_the_page_that_is_about_it() -> None:
    for constraint, page, *_ in rows(
        "README.md", "| what a problem may ask for | page | `ruin_recreate` | `ortools` | live day |"
    ):
        if page != "–":
            (name,) = re.findall(r"\]\((.*)\)", page)
            assert f"*{constraint}*" in " ".join((PAGES / name).read_text(encoding="utf-8").split())
