"""Explain one stop of a plan: per vehicle why it does not fit, and the least that would have to give."""

from __future__ import annotations

from routing.plan.explanation import Explanation
from routing.plan.model import Plan
from routing.problem.model import Problem


def explain_stop(problem: Problem, plan: Plan, stop_id: str) -> Explanation:
    """Return why a stop is left out and what would help, or what binds it where it is served.

    InputError where the problem has no such stop.
    """
    raise NotImplementedError
