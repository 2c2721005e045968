"""The error tree, drawn once.

```
RoutingError                 exit 3   anything that is our fault
├── InputError               exit 2   the input is wrong; carries every Issue found, never only the first
├── UnavailableError         exit 2   something outside is missing: a network, an optional package
├── ConflictError            exit 2   somebody else has written meanwhile; nothing was changed, try again
├── ViolationsError          exit 1   a plan breaks a rule, a replay differs
├── SolveError               exit 3   an engine died
└── UnreachableLegError      exit 3   an order of stops asks for a drive that no road allows
```
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EXIT_DONE = 0
EXIT_VIOLATIONS = 1
EXIT_BAD_INPUT = 2
EXIT_OUR_FAULT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """State one fault: a stable code, where it is, what is wrong and how to cure it."""

    code: str
    where: str
    cause: str
    action: str

    def __str__(self) -> str:
        return f"{self.code}  {self.where}: {self.cause}\n    cure: {self.action}"


class RoutingError(Exception):
    """Root of every error that this package raises on purpose."""

    exit_code = EXIT_OUR_FAULT


class InputError(RoutingError, ValueError):
    """Input that cannot be used, with all its faults at once."""

    exit_code = EXIT_BAD_INPUT

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        count = f"{len(self.issues)} fault{'' if len(self.issues) == 1 else 's'} in the input"
        super().__init__("\n".join([count, *(str(issue) for issue in self.issues)]))


class UnavailableError(RoutingError):
    """Something outside the package is missing; the message names the cure."""

    exit_code = EXIT_BAD_INPUT


class ConflictError(RoutingError):
    """Somebody else has written meanwhile; nothing was changed and the same command may be run again."""

    exit_code = EXIT_BAD_INPUT


class ViolationsError(RoutingError):
    """A plan breaks a rule, or a replay gives another plan than the stored one."""

    exit_code = EXIT_VIOLATIONS


class SolveError(RoutingError):
    """An engine ended without an answer."""


class UnreachableLegError(RoutingError):
    """An order of stops asks for a drive that no road allows; names the vehicle and the stop not reached."""

    def __init__(self, vehicle_id: str, stop_id: str | None, depart_s: int) -> None:
        self.vehicle_id = vehicle_id
        self.stop_id = stop_id
        """The stop that cannot be reached; None: the vehicle's end place."""
        self.depart_s = depart_s
        to = "its end place" if stop_id is None else f"stop {stop_id}"
        super().__init__(f"no road leads vehicle {vehicle_id} to {to} in this order of stops")
