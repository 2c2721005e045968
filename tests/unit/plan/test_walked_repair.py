"""Repair where routes must be walked: requests find every place that holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_problems import line_problem, van, window

from routing import repair, verify
from routing.problem.model import Depot, Problem, Shipment, Stop

VISITED = Stop(id="Y", place=1, load=1)
LATE = Stop(id="A", place=1, load=1, release_s=5_000)
EARLY = Stop(id="X", place=2, load=1, windows=(window(0, 1_500),))
PICKUP = Stop(id="P", place=2, windows=(window(0, 1_500),))
DELIVERY = Stop(id="Q", place=3, windows=(window(0, 3_000),))


@pytest.mark.parametrize(
    ("stops", "shipments", "order"),
    [
        ((EARLY,), (), ("Y", "X", "D", "A")),
        (
            (PICKUP, DELIVERY),
            (Shipment(id="s", pickup_stop_id="P", delivery_stop_id="Q", load=1),),
            ("Y", "P", "Q", "D", "A"),
        ),
    ],
    ids=["one stop", "a shipment"],
)
def test_a_reload_before_goods_that_are_released_late_lets_what_comes_first_leave_earlier(stops, shipments, order):
    # As long as A is on the first trip that leaves at 5,000; with the only reload before A, Y and X are served at once.
    vehicle = van(reload_depots=("D",), reloads_limit=1, committed=("Y",))
    asked: Problem = replace(
        line_problem([VISITED, LATE, *stops], [vehicle]), depots=(Depot(id="D", place=0),), shipments=shipments
    )
    plan = repair(asked, [("V0", ("Y", "A"))])
    assert plan.orders() == {"V0": order}
    assert verify(asked, plan) == ()
