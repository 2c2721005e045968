"""The error tree and its exit codes."""

from __future__ import annotations

import pytest

from routing.errors import (
    ConflictError,
    InputError,
    Issue,
    RoutingError,
    SolveError,
    UnavailableError,
    UnreachableLegError,
    ViolationsError,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RoutingError("x"), 3),
        (SolveError("x"), 3),
        (InputError([]), 2),
        (UnavailableError("x"), 2),
        (ConflictError("x"), 2),
        (UnreachableLegError(vehicle_id="V1", stop_id="S1", depart_s=0), 3),
        (ViolationsError("x"), 1),
    ],
)
def test_every_error_has_its_exit_code(error: RoutingError, code: int) -> None:
    assert error.exit_code == code
    assert isinstance(error, RoutingError)


def test_an_input_error_carries_and_tells_every_fault() -> None:
    faults = [Issue(code=f"CODE_{k}", where=f"file:{k}", cause=f"cause {k}", action=f"cure {k}") for k in (1, 2)]
    error = InputError(iter(faults))
    assert error.issues == tuple(faults)
    assert isinstance(error, ValueError)
    told = str(error)
    assert told.startswith("2 faults in the input\n")
    for fault in faults:
        assert all(part in told for part in (fault.code, fault.where, fault.cause, fault.action))
