"""Repair where routes must be walked: requests find every place that holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_problems import line_problem, van, window

from routing import repair, verify
from routing.problem.model import Break, Depot, Problem, Shipment, Stop

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


def test_who_leaves_after_the_window_of_a_break_need_not_take_it():
    # Leaving by 500 the break is due and lasts to 4,000 at least, long after the stop has closed.
    vehicle = van(breaks=(Break(id="lunch", window=window(0, 500), duration_s=4_000),))
    asked = line_problem([Stop(id="X", place=1, windows=(window(1_000, 1_200),))], [vehicle])
    plan = repair(asked)
    assert plan.orders() == {"V0": ("X",)}
    assert plan.routes[0].start_s > 500
    fixed = repair(replace(asked, vehicles=(replace(vehicle, start_fixed=True),)))
    assert [unassigned.reason for unassigned in fixed.unassigned] == ["BREAK"]
