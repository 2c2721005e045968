"""Write and price solutions as CVRPLIB has them: `Route #1: 3 5 8`, then `Cost 1234`."""

from __future__ import annotations

from collections.abc import Sequence

from routing.feeds.vrplib_instance import DOUBLE_DECIMALS, VrpInstance

Routes = Sequence[Sequence[int]]
"""The numbers of the stops of each route, the depot left out."""


def solution_cost(instance: VrpInstance, routes: Routes) -> float:
    """Return the sum of the weights of all routes, in the file's own unit and without another rounding."""
    legs = [(one, other) for route in routes for one, other in zip((0, *route), (*route, 0), strict=True)]
    return round(sum(float(instance.weight[leg]) for leg in legs), shown_decimals(instance))


def shown_decimals(instance: VrpInstance) -> int:
    """Return how many decimals a cost is told with."""
    return DOUBLE_DECIMALS if instance.decimals is None else instance.decimals


def solution_text(instance: VrpInstance, routes: Routes) -> str:
    """Return the text of a solution's file."""
    lines = [f"Route #{number}: {' '.join(map(str, route))}" for number, route in enumerate(routes, start=1)]
    cost = solution_cost(instance, routes)
    return "\n".join([*lines, f"Cost {cost:.{shown_decimals(instance)}f}", ""])
