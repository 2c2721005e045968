"""Time the stages of a run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Stopwatch:
    """Time the stages of a run, and tell when each one begins."""

    on_stage: Callable[[str], None] | None = None
    stages: list[tuple[str, float]] = field(default_factory=list)
    """Name and seconds of each stage that has ended."""
    _running: tuple[str, float] | None = None

    def start(self, name: str) -> None:
        """End the stage that runs and begin another."""
        self.stop()
        self._running = (name, time.perf_counter())
        if self.on_stage is not None:
            self.on_stage(name)

    def stop(self) -> None:
        """End the stage that runs."""
        if self._running is not None:
            name, began_s = self._running
            self.stages.append((name, time.perf_counter() - began_s))
        self._running = None
