"""Tell the caller of the best plan so far, while engines search side by side and round after round."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from routing.plan.engines.interface import Orders
from routing.plan.engines.worker import Report, seconds
from routing.plan.model import Cost
from routing.plan.options import Progress

NamedOrders = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Hold the best orders that one search has told, or that a round has left."""

    engine: str
    cost_cents: float
    unserved: int
    orders: NamedOrders


class Teller:
    """Keep what searches report and tell of the cheapest; an incumbent never gives way to a dearer one."""

    def __init__(
        self,
        tell: Callable[[Progress], None] | None,
        price: Callable[[NamedOrders], Cost],
        unplaced: tuple[int, int],
        began_s: float,
    ) -> None:
        """Take what to tell, how to price orders, how many stops no engine is asked to place, and what that costs."""
        self._tell, self._price = tell, price
        self._began_s = began_s
        self._unplaced, self._unplaced_cents = unplaced
        self._pool: _Known | None = None
        self._now: dict[int, _Known] = {}
        self._iterations: dict[int, int] = {}
        self._past = 0

    def hear(self, engine: str, name: Callable[[Orders], NamedOrders], number: int, report: Report) -> None:
        """Take the report of one of the searches that run side by side, and tell of the best of all."""
        before = self._now.get(number)
        orders = name(report.orders) if report.orders is not None else before.orders if before else {}
        self._now[number] = _Known(
            engine=engine,
            cost_cents=report.cost_cents + self._unplaced_cents,
            unserved=report.unserved + self._unplaced,
            orders=orders,
        )
        self._iterations[number] = report.iterations
        self._tell_best()

    def settle(self, engine: str, iterations: int, cost: Cost, orders: NamedOrders, unserved: int) -> None:
        """End a round: the best plan under true times is what the next ones must beat."""
        self._past += iterations
        self._now, self._iterations = {}, {}
        if self._pool is None or cost.total_cents < self._pool.cost_cents:
            self._pool = _Known(engine=engine, cost_cents=cost.total_cents, unserved=unserved, orders=orders)
        self._tell_best()

    def _tell_best(self) -> None:
        if self._tell is None:
            return
        known = [*([self._pool] if self._pool else []), *self._now.values()]
        best = min(known, key=lambda each: each.cost_cents)
        self._tell(
            Progress(
                engine=str(best.engine),
                elapsed_s=seconds() - self._began_s,
                iterations=self._past + sum(self._iterations.values()),
                cost_cents=round(best.cost_cents),
                unserved=best.unserved,
                orders=tuple(best.orders.items()),
                price=partial(self._price, best.orders),
            )
        )
