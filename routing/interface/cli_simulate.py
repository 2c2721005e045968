"""`routing simulate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from routing.errors import InputError, Issue
from routing.interface.options import CachePlace, Iterations, OutDir, SpeedsFile, one_budget

if TYPE_CHECKING:
    from rich.console import Console

    from routing.interface.simulate_day import Simulated
    from routing.network.road_network import RoadNetwork
    from routing.simulate.scenario import Scenario
    from routing.simulate.world import World

MONACO_DEPOT = (43.7285, 7.4145)
DEFAULT_TIME_LIMIT_S = 1.0
FIGURES = "figures.json"
POLICIES = ("ours", "greedy", "retime", "static")


def simulate(
    map_file: Annotated[
        Path | None, typer.Option("--map", "-m", help="Map of the day.", show_default="the embedded one of Monaco")
    ] = None,
    depot: Annotated[
        str | None,
        typer.Option("--depot", metavar="LAT,LON", help="Where the vehicles start.", show_default="its middle"),
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            help="D0 calm, D1 rush hours, D2 incidents, D3 weather, D4 customers, D5 all of it, D6 a breakdown.",
        ),
    ] = "D5",
    size: Annotated[str, typer.Option("--size", help="XS 12 stops and 2 vehicles, S 40/3, M 150/8, L 500/20.")] = "S",
    windows: Annotated[
        str, typer.Option("--windows", help="W0 none, W1 of an hour, W2 of two, for 6 stops in 10.")
    ] = "W2",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another day of the same kind.")] = 1,
    policy: Annotated[str, typer.Option("--policy", help="Who decides: " + ", ".join(POLICIES) + ".")] = "ours",
    time_limit: Annotated[
        float | None,
        typer.Option("--time-limit", min=0.1, help="Seconds to search at each decision.", show_default="1"),
    ] = None,
    iterations: Iterations = None,
    speeds: SpeedsFile = None,
    out: OutDir = Path("simulated"),
    cache: CachePlace = None,
) -> None:
    """Simulate a day that goes otherwise than planned, and tell what its plans were worth.

    Writes day.db, which can be shown and replayed as any day, figures.json, and a page that plays the day; those of a
    day that was simulated into the same folder before are replaced.
    """
    one_budget(time_limit, iterations)
    import json
    from dataclasses import asdict

    from routing.events.options import ReplanOptions
    from routing.export.files import write_whole
    from routing.interface.simulate_day import begin_morning
    from routing.interface.simulate_day import simulate as run
    from routing.interface.table import read_bytes
    from routing.interface.terminal import stage_progress, stdout
    from routing.plan.engines.worker import prepare
    from routing.simulate.policies import DECIDERS
    from routing.simulate.scenario import CLASSES, SIZES, WINDOWS_S
    from routing.units import format_clock

    for name, value, known in (
        ("--kind", kind, CLASSES),
        ("--size", size, SIZES),
        ("--windows", windows, WINDOWS_S),
        ("--policy", policy, POLICIES),
    ):
        if value not in known:
            raise typer.BadParameter(f"{value!r} is none of: {', '.join(known)}", param_hint=name)
    options = ReplanOptions(
        time_limit_s=time_limit if time_limit or iterations else DEFAULT_TIME_LIMIT_S,
        iterations=iterations,
        assumes_visits=False,
        attempts_per_day=2,
    )
    with stage_progress() as status:
        status.update("reading the map …")
        network, scenario = _scene(map_file, depot, (kind, size, windows, seed), cache)
        contents = {} if speeds is None else {"speeds": read_bytes(speeds, "speeds")}
        prepare(roads=True)
        status.update("planning the morning …")
        morning = begin_morning(network, scenario, options, contents=contents)
        log_file = _fresh_log(out)
        found = run(
            morning,
            log_file,
            decider=DECIDERS.get(policy, DECIDERS["ours"]),
            decides=policy != "static",
            on_decision=lambda now_s: status.update(f"{format_clock(now_s, scenario.time_zone)} …"),
        )
        status.update("drawing …")
        rows = figure_rows(found)
        page = _page(morning.world, found, log_file, f"{policy}: {kind} {size}, seed {seed}", scenario, rows)
        write_whole(out / FIGURES, json.dumps(asdict(found.figures), indent=1).encode())
        write_whole(out / "day.html", page.encode())
    _print(stdout(), f"{policy}, {kind} {size} {windows}, seed {seed}", rows, out)


def figure_rows(found: Simulated) -> list[tuple[str, str]]:
    """Return the figures of a day in words."""
    from routing.units import format_cents

    figures, stable = found.figures, found.figures.stability
    waits = sorted(each.whole_s for each in found.latencies)
    first = sorted(each.repaired_s for each in found.latencies if each.repaired_s is not None)
    rows = [
        ("served", f"{figures.served} of {figures.asked}, {figures.first_attempts} at the first visit"),
        ("on time", f"{figures.on_time_ratio:.1%}"),
        ("served on time (OTIF)", f"{figures.otif_ratio:.1%}"),
        ("late in all", f"{figures.lateness_min:.0f} min"),
        ("cost", format_cents(figures.spent.total_cents)),
        ("on duty", f"{figures.duty_h:.1f} h, {figures.vehicles} vehicles, {figures.distance_km:.0f} km"),
        ("new plans", f"{stable.plans - 1} of {figures.decisions} decisions"),
        ("to another vehicle", str(stable.reassigned)),
        ("promises broken", str(stable.promise_breaks)),
        ("sent elsewhere on the way", f"{stable.churn}, {stable.churn_excused} of them for a closure or cancellation"),
        ("nervousness", f"{stable.nervousness:.2f} changes per stop"),
    ]
    if waits:
        rows.append(("answers", f"{_middle(waits):.2f} s, one in twenty over {_late(waits):.2f} s"))
    if first:
        rows.append(("first repaired plans", f"{_middle(first):.3f} s, one in twenty over {_late(first):.3f} s"))
    return rows


def _fresh_log(out: Path) -> Path:
    """Return where the log goes, the one of an earlier simulation removed; InputError where it may be a true day's."""
    from routing.export.files import write_whole
    from routing.store.sqlite_log import check_new

    log_file, figures = out / "day.db", out / FIGURES
    if not figures.exists():
        check_new(log_file)
    write_whole(figures, "{}")  # tells, also of a run that was cut short, whose log this is
    for stale in (log_file, log_file.with_name("day.db-wal"), log_file.with_name("day.db-shm")):
        stale.unlink(missing_ok=True)
    return log_file


def _scene(
    map_file: Path | None, depot: str | None, wanted: tuple[str, str, str, int], cache: str | None
) -> tuple[RoadNetwork, Scenario]:
    from datetime import date

    from routing.interface.coordinates import is_near
    from routing.interface.demo import embedded
    from routing.interface.network_cache import NetworkCache
    from routing.interface.planning import network_for
    from routing.interface.read_inputs import open_map, time_zone_of
    from routing.network.location import Location
    from routing.network.snap import snap
    from routing.simulate.scenario import CLASSES, Scenario
    from routing.units import wall_clock_instant

    kept = NetworkCache.at(cache)
    opened = open_map(map_file or embedded("monaco.osm.pbf"), cache=kept, on_progress=lambda what, share: None)
    network = network_for(opened, "van", cache=kept)
    west, south, east, north = network.bbox_deg
    lat_deg, lon_deg = MONACO_DEPOT if map_file is None else ((south + north) / 2, (west + east) / 2)
    if depot is not None:
        try:
            lat_deg, lon_deg = (float(part) for part in depot.split(","))
        except ValueError:
            raise typer.BadParameter("give degrees as 43.7285,7.4145", param_hint="--depot") from None
    start = Location(lat_deg=lat_deg, lon_deg=lon_deg)
    if not is_near(lat_deg, lon_deg, network.bbox_deg) or not snap(network, (start,)).usable.all():
        cause = f"no road of the map that vehicles may use is near {lat_deg}, {lon_deg}"
        action = "Give a place beside a road as LAT,LON."
        raise InputError([Issue(code="DEPOT_UNREACHABLE", where="--depot", cause=cause, action=action)])
    zone = time_zone_of(network.bbox_deg)
    kind, size, windows, seed = wanted
    day = date(2026, 11, 29) if CLASSES[kind].sunday else date(2026, 11, 27)
    return network, Scenario(
        kind=kind,
        size=size,
        windows=windows,
        seed=seed,
        date=day.isoformat(),
        time_zone=zone,
        depot=start,
        midnight_s=wall_clock_instant(day, 0, zone),
    )


def _page(
    world: World, found: Simulated, log_file: Path, title: str, scenario: Scenario, rows: list[tuple[str, str]]
) -> str:
    from routing.events.published import PlanPublished
    from routing.interface.simulate_page import day_page
    from routing.store.sqlite_log import open_log

    with open_log(log_file) as log:
        plans = [event for event in log.events() if isinstance(event, PlanPublished)]
    subtitle = f"{scenario.date}, times of {scenario.time_zone}; {len(plans)} plans"
    return day_page(world, found.record, plans, title=title, subtitle=subtitle, figures=rows)


def _print(console: Console, title: str, rows: list[tuple[str, str]], out: Path) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_header=False, title=title, title_justify="left")
    table.add_column()
    table.add_column()
    for name, value in rows:
        table.add_row(name, value)
    console.print(table)
    console.print(f"Look at {out / 'day.html'}   ·   routing day replay {out / 'day.db'}", soft_wrap=True)


def _middle(ordered: list[float]) -> float:
    return ordered[len(ordered) // 2]


def _late(ordered: list[float]) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * 19 // 20)]
