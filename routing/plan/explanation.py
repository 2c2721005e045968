"""What is known of one stop of a plan: what keeps vehicles from it, what would help, what binds it."""

from __future__ import annotations

from dataclasses import dataclass

from routing.plan.rules.breach import Breach


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Say why one vehicle does not serve a stop that is left out, or why another one than its own does not."""

    vehicle_id: str
    code: str
    """Of `REASONS`: the rule that stands in the way in its best place, the furthest that the vehicle gets; COST where
    none does."""
    detail: str
    breaches: tuple[Breach, ...]
    """All rules that are broken in that place; empty where it could be served there."""
    stop_ids: tuple[str, ...]
    """The order of the vehicle with the stop in that place."""
    added_cents: int | None
    """What it would add there; None where rules are broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """Name one bound that would have to give, by the least amount with which the stop can be served."""

    code: str
    """Of `REASONS`: the rule whose bound gives; COST: what it costs to leave the stop out."""
    of: str
    """Id of the vehicle, stop or depot that the bound belongs to."""
    amount: int
    """Seconds, units of load, metres, stops or cents; 1 where there is no amount."""
    name: str
    """Of the load, the break, the missing skills, ...; empty where the code says all."""
    words: str
    vehicle_id: str
    """Who would serve the stop then."""
    stop_ids: tuple[str, ...]
    """In this order."""
    added_cents: int
    """What the vehicle's route costs more then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Name a bound that a served stop, or the route that it is on, has no slack to."""

    code: str
    of: str
    """Id of the stop or vehicle that the bound belongs to."""
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Explain one stop of a plan."""

    stop_id: str
    vehicle_id: str | None
    """Who serves it; None: nobody."""
    reason: str | None
    """Why it is left out, a code of `REASONS`; None where it is served."""
    detail: str
    obstacles: tuple[Obstacle, ...]
    """One per vehicle that does not serve it, in the order of the fleet."""
    relaxations: tuple[Relaxation, ...]
    """Each of them alone would let the stop be served; cheapest first, of equals the smallest. Empty where it is served
    or where no single one helps."""
    binding: tuple[Binding, ...]
    """Of a served stop."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Return it in words, a line each."""
        state = "is left out" if self.vehicle_id is None else f"is served by {self.vehicle_id}"
        told = [f"{self.stop_id} {state}{f' ({self.reason})' if self.reason else ''}: {self.detail}."]
        told += [f"{each.vehicle_id}: {each.code}, {each.detail}." for each in self.obstacles]
        told += [f"It would be served with: {each.words}." for each in self.relaxations]
        if self.vehicle_id is None and not self.relaxations:
            told.append("No single bound that gives would serve it.")
        return (*told, *(f"No slack: {each.words}." for each in self.binding))
