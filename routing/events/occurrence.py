"""What every event has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Hold what every event has."""

    TYPE: ClassVar[str]

    id: str
    known_at_s: int
    effective_at_s: int
