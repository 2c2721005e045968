"""Time the stages of a run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


def progress_words(what: str, share: float) -> str:
    """Return what is being done and, where some of it is done, its share."""
    return f"{what}, {share:.0%}" if share else what


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

    def tell(self, what: str, share: float) -> None:
        """Say how far the work within a stage has come; what long work calls as its `on_progress`."""
        if self.on_stage is not None:
            self.on_stage(progress_words(what, share))

    def stop(self) -> None:
        """End the stage that runs."""
        if self._running is not None:
            name, began_s = self._running
            self.stages.append((name, time.perf_counter() - began_s))
        self._running = None
