"""`routing calibrate`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.interface.options import AsJson, CachePlace, ZoneName

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from routing.interface.calibration import Calibration
    from routing.travel.speed_table import SpeedTable


def calibrate(
    map_file: Annotated[
        Path | None, typer.Option("--map", "-m", help="Map on which the traces lie; a day's file has its own.")
    ] = None,
    traces: Annotated[
        list[Path] | None, typer.Option("--traces", "-t", help="GPS traces: GPX or CSV; may come several times.")
    ] = None,
    days: Annotated[
        list[Path] | None,
        typer.Option("--day", metavar="DAY.DB", help="Day whose visits were reported; may come several times."),
    ] = None,
    speeds: Annotated[
        Path | None, typer.Option("--speeds", help="Table to begin with (CSV).", show_default="the built-in one")
    ] = None,
    profile: Annotated[str, typer.Option("--profile", help="Profile of the vehicles that made the traces.")] = "van",
    time_zone: ZoneName = None,
    split: Annotated[
        int, typer.Option("--split", min=0, help="Another way to divide the drives in halves that judge each other.")
    ] = 0,
    out: Annotated[Path, typer.Option("--out", "-o", help="Table of speeds to write (CSV).")] = Path("speeds.csv"),
    cache: CachePlace = None,
    as_json: AsJson = False,
) -> None:
    """Learn how fast traffic moves by class of road and hour, from GPS traces or from days whose visits were reported.

    Tells the error before and after, on drives that did not teach the table which judges them.
    """
    if bool(traces) == bool(days):
        raise typer.BadParameter("give --traces with --map, or --day")
    if bool(traces) != (map_file is not None):
        raise typer.BadParameter("--traces and --map come together", param_hint="--map")
    if time_zone is not None:
        _check_zone(time_zone)
    from routing.export.files import write_whole
    from routing.interface.calibration_table import calibration_values, print_calibration
    from routing.interface.read_speed_tables import read_speeds, speed_lines
    from routing.interface.stopwatch import progress_words
    from routing.interface.table import read_bytes
    from routing.interface.terminal import stage_progress, stdout
    from routing.travel.speed_table import DEFAULT_SPEED_TABLE

    before = DEFAULT_SPEED_TABLE if speeds is None else read_speeds(read_bytes(speeds, "speeds"), name=str(speeds))
    with stage_progress() as status:

        def tell(what: str, share: float) -> None:
            status.update(f"{progress_words(what, share)} …")

        if map_file is not None:
            found = _from_traces(map_file, traces or [], before, profile, time_zone, cache, split, tell)
        else:
            found = _from_days(days or [], before, split, tell)
        write_whole(out, "".join(f"{line}\n" for line in speed_lines(found.table)).encode())
    if as_json:
        typer.echo(json.dumps({"speeds": str(out), **calibration_values(found)}, ensure_ascii=False, indent=1))
        return
    print_calibration(stdout(), found)
    stdout().print(f"Written: {out}", soft_wrap=True)


def _check_zone(name: str) -> None:
    """Refuse a name that no time zone has."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise typer.BadParameter(
            f"{name!r} is not a time zone such as Europe/Berlin", param_hint="--time-zone"
        ) from None


def _from_traces(
    map_file: Path,
    files: Sequence[Path],
    before: SpeedTable,
    profile: str,
    time_zone: str | None,
    cache: str | None,
    split: int,
    tell: Callable[[str, float], None],
) -> Calibration:
    from routing.errors import InputError, Issue
    from routing.interface.calibration import calibrate_traces
    from routing.interface.network_cache import NetworkCache
    from routing.interface.planning import network_for
    from routing.interface.read_inputs import open_map, time_zone_of
    from routing.interface.read_traces import read_traces
    from routing.travel.map_match import Trace

    kept = NetworkCache.at(cache)
    tell("read the map", 0.0)
    opened = open_map(map_file, cache=kept, on_progress=tell)
    zone = time_zone or time_zone_of(opened.bbox_deg)
    issues: list[Issue] = []
    found: list[Trace] = []
    for file in files:
        tell(f"read {file.name}", 0.0)
        try:
            found += read_traces(file, time_zone=zone)
        except InputError as error:
            issues += error.issues
    if issues:
        raise InputError(issues)
    network = network_for(opened, profile, cache=kept, on_progress=tell)
    return calibrate_traces(network, found, before, time_zone=zone, split=split, on_progress=tell)


def _from_days(
    files: Sequence[Path], before: SpeedTable, split: int, tell: Callable[[str, float], None]
) -> Calibration:
    from routing.interface.calibration import calibrate_legs
    from routing.interface.day_legs import drives_of_day
    from routing.store.sqlite_log import open_log
    from routing.travel.calibrate import Drives

    drives: Drives | None = None
    counts: Counter[str] = Counter()
    for number, file in enumerate(files):
        tell("follow the days", number / len(files))
        with open_log(file) as log:
            of_day, more = drives_of_day(log, before)
        drives = of_day if drives is None else drives.joined(of_day)
        counts.update(more)
    assert drives is not None  # the command asks for at least one day
    return calibrate_legs(drives, before, split=split, used=tuple(counts.items()))
