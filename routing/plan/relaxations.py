"""Find the least that each bound alone would have to give for a request to be served."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from routing.plan.explanation import Relaxation
from routing.plan.price import route_cents
from routing.plan.relax import BEGINS, BETWEEN, OPENS, Bound, bound_of, bound_words, relaxed
from routing.plan.requests import Request
from routing.plan.rules.breach import SECONDS
from routing.plan.schedule import Clock
from routing.plan.walked.places import Place
from routing.plan.walked.trials import Trial, Trials
from routing.problem.model import Problem, Vehicle
from routing.problem.validate.drivers import driver_issues

TRIED = 12
"""So many places are tried for each bound that gives, those first where it gives least."""
EARLIEST_S = 4 * 3_600
"""A shift begins at most so much earlier."""


def relaxations(problem: Problem, trials: Trials, request: Request, every: Sequence[Trial]) -> tuple[Relaxation, ...]:
    """Return for each bound the least amount with which the request is served, and pays; cheapest first.

    `every` are the trials of the request with all vehicles. Each of what is returned was tried with the bound given
    way. A window that opens earlier, a shift that begins earlier and a release are tried in the best places only.
    """
    search = _Search(problem, trials.orders, request)
    found: dict[Bound, Relaxation] = {}
    by_bound: dict[Bound, list[tuple[int, Trial]]] = {}
    for trial in every:
        bounds = {bound_of(breach) for breach in trial.breaches}
        bound = bounds.pop() if len(bounds) == 1 else None
        if bound is not None:
            by_bound.setdefault(bound, []).append((max(breach.excess for breach in trial.breaches), trial))
    for bound, ways in by_bound.items():
        for amount, trial in sorted(ways, key=lambda way: (way[0], way[1].about))[:TRIED]:
            relaxation = search.served(bound, amount, trial.place)
            if relaxation is not None:
                found[bound] = relaxation
                break
    timed = [trial for trial in every if trial.breaches and all(each.code in SECONDS for each in trial.breaches)]
    for trial in sorted(timed, key=lambda trial: trial.key)[:TRIED]:
        for bound, most in _further(trials, request, trial.place.vehicle):
            least = search.least(bound, most, trial.place)
            if least is not None and (bound not in found or least.amount < found[bound].amount):
                found[bound] = least
    return tuple(sorted(found.values(), key=lambda each: (each.added_cents, each.amount, each.code, each.of)))


def priced(clock: Clock, orders: Mapping[str, Sequence[str]], place: Place) -> int:
    """Return what a place that holds adds in cents."""
    before = route_cents(clock, place.vehicle, orders.get(place.vehicle.id, ()))
    return route_cents(clock, place.vehicle, place.stop_ids) - before


class _Search:
    """Try places in problems in which one bound gives."""

    def __init__(self, problem: Problem, orders: Mapping[str, Sequence[str]], request: Request) -> None:
        self._problem, self._orders, self._request = problem, orders, request

    def served(self, bound: Bound, amount: int, place: Place) -> Relaxation | None:
        """Return the relaxation where the request is served in a place with it and pays, else None."""
        problem = relaxed(self._problem, bound, amount, self._request)
        vehicle = next(each for each in problem.vehicles if each.id == place.vehicle.id)
        if next(driver_issues("", vehicle), None) is not None:
            return None  # Its breaks would overlap, or its duty begin after its shift.
        here, trials = replace(place, vehicle=vehicle), Trials(Clock(problem), self._orders, {})
        if trials.at(here).breaches:
            return None
        added_cents = priced(trials.clock, self._orders, here)
        if added_cents >= self._request.unserved_cents:
            return None
        return Relaxation(
            code=bound.code,
            of=bound.of,
            amount=amount,
            name=bound.name,
            words=bound_words(self._problem, bound, amount, self._request),
            vehicle_id=vehicle.id,
            stop_ids=place.stop_ids,
            added_cents=added_cents,
        )

    def least(self, bound: Bound, most: int, place: Place) -> Relaxation | None:
        """Return the least amount up to a most with which a place holds, None where not even that does."""
        best = self.served(bound, most, place) if most > 0 else None
        low = 0
        while best is not None and best.amount - low > 1:
            middle = (low + best.amount) // 2
            better = self.served(bound, middle, place)
            if better is None:
                low = middle
            else:
                best = better
        return best


def _further(trials: Trials, request: Request, vehicle: Vehicle) -> Iterator[tuple[Bound, int]]:
    """Yield bounds that may help although none of them is broken, with the most by which they give."""
    first_s = vehicle.shift.start_s
    for stop_id in request.stop_ids:
        stop = trials.book.stops[stop_id]
        for number, window in enumerate(stop.windows):
            floor_s = stop.windows[number - 1].end_s + 1 if number else min(first_s, window.start_s)
            yield Bound("WINDOW", stop_id, f"{OPENS} {number}"), window.start_s - floor_s
        for number, (window, after) in enumerate(zip(stop.windows, stop.windows[1:], strict=False)):
            yield Bound("WINDOW", stop_id, f"{BETWEEN} {number}"), after.start_s - window.end_s - 1
        if stop.release_s is not None:
            yield Bound("RELEASE", stop_id), stop.release_s - first_s
    if not vehicle.used:
        yield Bound("SHIFT", vehicle.id, BEGINS), EARLIEST_S
