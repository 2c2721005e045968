"""The event of a published plan, and what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from routing.events.occurrence import Occurrence
from routing.network.location import Location
from routing.plan.model import EngineRun, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRoute:
    """Hold what a plan says of one vehicle: what it is taken to have done, and what remains."""

    vehicle_id: str
    left: bool
    """True where it has left its start: its goods are on board."""
    start: Location
    """Where the remaining part begins."""
    start_s: int
    end_s: int
    assumed: tuple[Visit, ...] = ()
    """Visits without a report that are taken as made or going on, by the times of the plan before."""
    visits: tuple[Visit, ...] = ()
    """Visits that remain, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Sum up the day as one plan sees it: what was done, and what it expects."""

    on_time: int
    late: int
    lateness_s: int
    unassigned: int
    drive_s: int
    """Driving that remains."""
    cost_cents: int
    """Cost of what remains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Name one stop that a plan treats in another way than the plan before."""

    stop_id: str
    kind: str
    """`added`, `reopened` (the plan before took it for served), `dropped`, `vehicle`, `order` or `time`."""
    from_vehicle: str | None = None
    to_vehicle: str | None = None
    shift_s: int = 0
    """By how much the start of its service moved, where both plans serve it."""
    causes: tuple[str, ...] = ()
    """Ids of the events that brought it about."""
    staying_cents: int | None = None
    """What the whole plan would cost more, had this stop alone stayed as it was; None where it could not."""
    words: str = ""
    """The same for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Take over the goods of some stops: from a broken vehicle where it stands, or at the depot.

    In a plan it is a visit whose stop id is the transfer's id.
    """

    id: str
    """`transfer:` or `reload:`, the vehicle that comes, and a number that is new to the day."""
    to_vehicle: str
    from_vehicle: str | None
    """None: at the depot."""
    location: Location
    stop_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPublished(Occurrence):
    """Publish a plan: what every vehicle does from now on, what changed and why, and how to compute it again."""

    TYPE: ClassVar[str] = "plan_published"

    version: int
    base_version: int | None
    request: str
    """What asked for it: `start`, `event`, `retime` (no search wanted) or `replan` (search in any case)."""
    reason: str
    """Why it differs from the plan before, in words."""
    routes: tuple[PublishedRoute, ...]
    unassigned: tuple[tuple[str, str, str], ...]
    """Stop id, reason and detail."""
    on_board: tuple[tuple[str, str], ...] = ()
    """Stop id and vehicle id of all goods that have left the depot and are not delivered."""
    seed: int = 0
    searched: bool = False
    adopted: bool = False
    """True where the search's plan was taken; False where the old orders stay, with new times."""
    failure: str = ""
    """Why the search gave nothing, where it died."""
    runs: tuple[EngineRun, ...] = ()
    """What the engines did, also where their plan was not taken."""
    before: Figures
    """The old orders under the new facts."""
    after: Figures
    changes: tuple[Change, ...] = ()
    promises: tuple[tuple[str, int, int], ...] = ()
    """Stop id, and from when until when its customer is told to expect the start of service, where that is new."""
    transfers: tuple[Transfer, ...] = ()
    """Goods that the plan lets change vehicle or fetches from the depot."""
    versions: tuple[tuple[str, str], ...] = ()
    """Of what may decide about a plan, as they stand in its document."""
    document_sha256: str
    """Digest of plan.json, which is kept beside the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanProposed(Occurrence):
    """Propose a plan that waits for the dispatcher's word.

    Once that is given (`PlanAccepted`) the next plan has its orders, with the times of then; its own version is never
    in force.
    """

    TYPE: ClassVar[str] = "plan_proposed"

    plan: PlanPublished
