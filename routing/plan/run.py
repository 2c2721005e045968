"""Hold what happens when a vehicle leaves at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from routing.plan.model import Rest


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeBreach:
    """Name a rule of time that a run breaks: where, by how many seconds, and what it should have kept."""

    code: str
    """WINDOW, DUE, DEPOT_WINDOW, RELEASE, BREAK, SHIFT, DURATION_LIMIT, DRIVING_LIMIT, DRIVING_RULES, UNREACHABLE."""
    at: str | None
    """Id of a stop, a depot or a break; None: on the way to the end place, or of the route as a whole."""
    over_s: int
    """0 where no road leads there."""
    bound_s: int
    """The instant that was missed, or the duration that is exceeded; when it leaves where no road leads there."""
    rule: str = ""
    """Of driving rules the limit: day, week, fortnight or span."""


class Halted(NamedTuple):
    """Hold the times of one halt, or of the arrival at the end place."""

    arrive_s: int
    """After all rests."""
    setup_s: int
    start_s: int
    depart_s: int
    late_s: int
    drive_s: int
    pause_s: int
    rests: tuple[Rest, ...]
    breaches: tuple[TimeBreach, ...]

    @property
    def idle_s(self) -> int:
        """Return how long the vehicle waits here, for a window or for a break to begin."""
        rests_s = sum(rest.end_s - rest.start_s for rest in self.rests)
        return self.start_s - self.arrive_s - self.setup_s + self.pause_s - rests_s


class Label(NamedTuple):
    """Hold how far a vehicle has come in one way of taking its breaks; of two with as many the lesser goes on."""

    forbidden_s: int
    now_s: int
    """When it departs from the halt."""
    lateness_s: int
    since_s: int
    """Driven since the last break."""
    unsplit: bool
    """True where no first part of a break was taken since."""
    taken: int
    """Breaks that are taken, or were over before the route began."""
    driven_s: int
    halted: Halted | None
    """None at the start of the route."""
    before: Label | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Hold what happens when a vehicle leaves at an instant: per visit (arrival, start, departure)."""

    depart_s: int
    times_s: tuple[tuple[int, int, int], ...]
    drives_s: tuple[int, ...]
    sums_s: tuple[tuple[int, int], ...]
    """Lateness up to each visit, and the part of it that is forbidden."""
    end_s: int
    lateness_s: int
    """Sum over the visits."""
    forbidden_s: int
    """Seconds by which rules of time are broken: lateness and overtime that stops and vehicle do not allow, and more
    where routes must be walked."""
    overtime_s: int

    halts: tuple[Halted, ...] = ()
    """Where routes must be walked: of each visit, and of the end."""
    length_s: int = 0
    """The part of what is forbidden that a later departure may spare: the route takes too long, or has too much driving
    where drives depend on the time of day."""
    releases_s: tuple[int | None, ...] = ()
    """Of each trip, when its last goods are released."""
    labels: tuple[tuple[Label, ...], ...] = ()
    """After each visit, of every number of breaks."""

    @property
    def tardy_s(self) -> int:
        """Return the seconds that no later departure may add to, and that none can spare."""
        walked_s = self.forbidden_s - self.length_s if self.halts else 0
        return self.lateness_s + self.overtime_s + walked_s

    @property
    def breaches(self) -> tuple[TimeBreach, ...]:
        """Return what is broken where routes must be walked, in order of time, limits of the whole route last."""
        told = tuple(breach for halted in self.halts for breach in halted.breaches)
        first_s = self.releases_s[0] if self.releases_s else None
        if first_s is None or first_s <= self.depart_s:
            return told
        return (TimeBreach(code="RELEASE", at=None, over_s=first_s - self.depart_s, bound_s=first_s), *told)
