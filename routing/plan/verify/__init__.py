"""Judge a plan, deriving everything again; shares no code with what made it.

In goes a problem as it was asked and a plan; out come all violations, each under a code of `VIOLATIONS`. The times that
a plan states are judged, so nothing here decides when to leave or where to rest. One function is one rule.
"""

from __future__ import annotations

from routing.plan.model import Plan
from routing.plan.verify.codes import VIOLATIONS, Violation
from routing.plan.verify.committed import committed
from routing.plan.verify.costs import cost
from routing.plan.verify.facts import Asked, driven_routes
from routing.plan.verify.once import out, shipments_whole, stops_once, together, vehicles_once
from routing.plan.verify.reasons import reasons
from routing.plan.verify.route_rules import BOUNDS, TOLD
from routing.plan.verify.trips import stock
from routing.problem.model import Problem

__all__ = ["VIOLATIONS", "Violation", "verify"]

PLAN_RULES = (stops_once, vehicles_once, out, shipments_whole, together, committed, stock, reasons, cost)


def verify(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """Return every violation of a plan, empty where it holds."""
    asked = Asked(problem)
    found = [violation for rule in PLAN_RULES for violation in rule(asked, plan)]
    for driven in driven_routes(asked, plan):
        found += [violation for rule in (*BOUNDS, *TOLD) for violation in rule(driven)]
    return tuple(found)
