"""Who decides: policies beside ours, each a `Decider`, so that all of them publish by the same machinery.

| policy | what it does at news |
|---|---|
| `static` | nothing: the morning's plan is driven as it is |
| `retime` | tells new times, keeps the orders |
| `greedy` | takes out what cannot be kept, adds what is new where it is cheapest, keeps all other orders |
| `resolve` | plans all that remains from scratch by our engine, and takes it where it is cheaper |
| `ours` | `decide`: prices for every change, repair, search, a least gain |

Others' solvers stand with the benchmarks; `by_search` makes a policy of each. None of these but ours pays for changes:
the fees of a remaining problem are taken off before they see it, and before plans are compared. Goods on board, the
stop under way and what drivers have begun bind all of them, for these are part of the problem itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from routing.errors import SolveError
from routing.plan.cost import plan_cost
from routing.plan.model import EngineRun, Plan
from routing.plan.repair import repair
from routing.plan.verify import verify
from routing.problem.model import Problem
from routing.replan.assess import retime
from routing.replan.remaining import Remaining
from routing.replan.replan import Decider, Decision, Question, decide, settled

Solver = Callable[[Problem, dict[str, tuple[str, ...]]], tuple[Plan, tuple[EngineRun, ...]]]
"""Solves a remaining problem, told the current orders; SolveError where it cannot."""


def without_fees(rest: Remaining) -> Remaining:
    """Return what remains of a day with nothing to pay for changes, chances and promises."""
    stops = tuple(replace(stop, start_fees=(), vehicle_fees=(), follow_fee=None) for stop in rest.problem.stops)
    return replace(rest, problem=replace(rest.problem, stops=stops))


def retiming(question: Question) -> Decision:
    """Keep the orders, with new times."""
    return settled(question, question.assessment.plan, searched=False, adopted=False)


def greedy(question: Question) -> Decision:
    """Take out what cannot be kept and add what is missing where it is cheapest; touch nothing else."""
    return by_search(lambda problem, orders: (repair(problem, tuple(orders.items())), ()))(question)


def by_search(solver: Solver) -> Decider:
    """Return the policy that asks a solver at all news, and takes its plan where it costs less than the old orders."""

    def decided(question: Question) -> Decision:
        rest = without_fees(question.rest)
        old = retime(question.day, rest)
        must = question.day.plan is None or bool(verify(rest.problem, old))
        try:
            found, runs = solver(rest.problem, dict(rest.orders))
        except SolveError as error:
            failure = str(error).splitlines()[0]
            return settled(question, question.assessment.plan, searched=False, adopted=False, failure=failure)
        taken = must or found.cost.total_cents < old.cost.total_cents
        # The routes are the same problem's; what they cost with fees is what is published and judged.
        plan = _priced(question, found if taken else old)
        return settled(question, plan, searched=True, adopted=taken, runs=runs)

    return decided


def _priced(question: Question, plan: Plan) -> Plan:
    """Return a plan with what it costs where changes are paid for."""
    left = [each.stop_id for each in plan.unassigned]
    return replace(plan, cost=plan_cost(question.rest.problem, plan.routes, left))


DECIDERS: dict[str, Decider] = {"retime": retiming, "greedy": greedy, "ours": decide}
"""By name, those that need no budget of their own; `static` decides nothing, and `resolve` is made with its budget."""
