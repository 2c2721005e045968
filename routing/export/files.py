"""Name output files after vehicles and write them whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from routing.errors import InputError, Issue
from routing.export.schema import PlanDocument, RouteDocument

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_RESERVED = re.compile(r"(?i)plan|map|con|prn|aux|nul|(com|lpt)\d")
"""Names of our own files, and those that Windows keeps for devices whatever their extension."""


def file_stems(vehicle_ids: Iterable[str]) -> dict[str, str]:
    """Return a file name without extension for each vehicle id.

    An id of plain letters, digits, - and _ is its own name. Any other loses what a file system may dislike
    and gains eight digits of its hash, as do ids that differ by capitals alone, so that no two share a file.
    """
    ids = tuple(dict.fromkeys(vehicle_ids))
    lowered = [vehicle_id.lower() for vehicle_id in ids]
    stems: dict[str, str] = {}
    for vehicle_id in ids:
        plain = _SAFE.fullmatch(vehicle_id) and not _RESERVED.fullmatch(vehicle_id)
        if plain and lowered.count(vehicle_id.lower()) == 1:
            stems[vehicle_id] = vehicle_id
        else:
            kept = re.sub(r"[^A-Za-z0-9_-]+", "_", vehicle_id).strip("_")[:48] or "vehicle"
            stems[vehicle_id] = f"{kept}-{hashlib.sha256(vehicle_id.encode()).hexdigest()[:8]}"
    return stems


def chosen_routes(document: PlanDocument, vehicle_id: str | None) -> tuple[tuple[str, RouteDocument], ...]:
    """Return file name and route of one vehicle, or of all; InputError where the plan does not use it."""
    stems = file_stems(route.vehicle_id for route in document.routes)
    if vehicle_id is not None and vehicle_id not in stems:
        raise InputError(
            [
                Issue(
                    code="VEHICLE_NOT_IN_PLAN",
                    where="vehicle",
                    cause=f"the plan has no route for {vehicle_id!r}",
                    action=f"name one of: {', '.join(stems) or 'no vehicle leaves in this plan'}",
                )
            ]
        )
    return tuple(
        (stems[route.vehicle_id], route)
        for route in document.routes
        if vehicle_id is None or route.vehicle_id == vehicle_id
    )


def write_whole(path: Path, content: bytes | str) -> Path:
    """Put a file in its place in one step, its folder made as needed; InputError where it cannot be.

    A link stays a link, a file that may not be written stays as it is, and a device or pipe is written to.
    """
    data = content.encode() if isinstance(content, str) else content
    partial: str | None = None
    try:
        target = path.resolve()
        if target.exists() and not (target.is_file() and os.access(target, os.W_OK)):
            target.write_bytes(data)  # says itself why a folder or a file that is read-only cannot be written
            return path
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, partial = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(partial).chmod(0o644)
        Path(partial).replace(target)
    except OSError as error:
        if partial is not None:
            Path(partial).unlink(missing_ok=True)
        cause = error.strerror or "it cannot be written"
        issue = Issue(
            code="OUTPUT_UNWRITABLE", where=str(path), cause=cause, action="name a folder that can be written"
        )
        raise InputError([issue]) from error
    return path
