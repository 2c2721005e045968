"""The walk to doors off the road: what it adds to a visit, and that everybody adds the same."""

from dataclasses import replace

import pytest
from small_problems import OffRoadTravel, line_problem, line_travel, window

from routing.export.document import PlanContext, document_bytes, parse_document, plan_document
from routing.plan.options import SolveOptions
from routing.plan.schedule import schedule
from routing.plan.solve import solve
from routing.plan.verify import verify
from routing.problem.access_walk import AccessWalk
from routing.problem.model import Stop
from routing.problem.validate import validate


def _problem(stop, off_road_m=130.0, **changes):
    """Return a problem of one stop at 1 km, 100 s from the depot, whose door is so far from the road."""
    travel = OffRoadTravel(matrix=line_travel().matrix, off_road_m=(0.0, off_road_m, 0.0, 0.0, 0.0))
    return replace(line_problem([stop], travel=travel), **changes)


@pytest.mark.parametrize(
    ("distance_m", "seconds"),
    [
        (0.0, 0),
        (30.4, 0),
        (31.0, 2),  # 1 m there and back are 2 m, at 5,000 m an hour 1.44 s, rounded up
        (130.0, 144),  # 100 m beyond the free ones: 200 m x 3,600 / 5,000
        (55.0, 36),  # 50 m x 0.72 exactly, so nothing to round
    ],
)
def test_only_what_lies_beyond_thirty_metres_is_timed_there_and_back(distance_m, seconds):
    assert AccessWalk().added_s(distance_m) == seconds


def test_speed_and_free_metres_are_options():
    assert AccessWalk(speed_m_per_h=3_600, free_m=0).added_s(100.0) == 200
    assert AccessWalk(speed_m_per_h=3_600, free_m=99).added_s(100.0) == 2


def test_a_visit_lasts_as_long_as_its_service_and_its_walk():
    problem = _problem(Stop(id="A", place=1, service_s=300))
    (route,) = schedule(problem, {"V0": ("A",)})
    # 100 s out, 300 + 144 s there, 100 s home
    assert route.end_s - route.start_s == 644
    (untimed,) = schedule(replace(problem, access_walk=None), {"V0": ("A",)})
    assert untimed.end_s - untimed.start_s == 500


def test_the_search_counts_it_and_the_judge_does_by_itself():
    problem = _problem(Stop(id="A", place=1, service_s=300))
    plan = solve(problem, SolveOptions(iterations=10))
    (visit,) = plan.routes[0].visits
    assert visit.depart_s - visit.start_s == 444
    assert verify(problem, plan) == ()
    assert "SERVICE" in {found.code for found in verify(replace(problem, access_walk=None), plan)}


def test_a_walk_may_cost_the_shift():
    # 644 s do not fit into a shift of 600
    problem = _problem(Stop(id="A", place=1, service_s=300))
    problem = replace(problem, vehicles=(replace(problem.vehicles[0], shift=window(0, 600)),))
    (left,) = solve(problem, SolveOptions(iterations=10)).unassigned
    assert left.reason == "SHIFT"
    assert solve(replace(problem, access_walk=None), SolveOptions(iterations=10)).unassigned == ()


def test_a_speed_of_nothing_is_refused():
    problem = _problem(Stop(id="A", place=1), access_walk=AccessWalk(speed_m_per_h=0, free_m=-1))
    assert {issue.code for issue in validate(problem)} == {"WALKING_SPEED", "NEGATIVE"}


def test_the_published_plan_tells_it_and_one_without_it_has_no_word_of_it(context):
    problem = _problem(Stop(id="A", place=1, service_s=300), 129.6)
    document = plan_document(problem, solve(problem, SolveOptions(iterations=10)), context=context)
    visit = document.routes[0].visits[0]
    assert (visit.access_walk_m, visit.access_walk_s, visit.service_s) == (130, 144, 300)
    assert document.access_walk is not None
    assert document.access_walk.speed_m_per_h == 5_000
    assert parse_document(document_bytes(document)) == document
    untimed = replace(problem, access_walk=None)
    old = document_bytes(plan_document(untimed, solve(untimed, SolveOptions(iterations=10)), context=context))
    assert b"access_walk" not in old


def test_a_side_that_cannot_be_had_is_said_with_its_cure():
    problem = _problem(Stop(id="A", place=1), 20.0)
    place = replace(problem.places[1], approach="right")
    travel = _Unusable(matrix=problem.travel.matrix, off_road_m=problem.travel.off_road_m)
    problem = replace(problem, places=(problem.places[0], place, *problem.places[2:]), travel=travel)
    (left,) = solve(problem, SolveOptions(iterations=10)).unassigned
    assert left.reason == "UNREACHABLE"
    assert left.detail == (
        "the nearest usable road is 20 m away, and no road near enough is driven with the stop on its right side: "
        "give it the approach either, or put its point on its own side of the street"
    )


class _Unusable(OffRoadTravel):
    @property
    def usable(self):
        usable = super().usable.copy()
        usable[1] = False
        return usable


@pytest.fixture
def context():
    from datetime import date

    return PlanContext(date=date(1970, 1, 1), profile="van", map_source="by hand", map_sha256="", map_attribution="")
