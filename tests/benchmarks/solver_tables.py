"""Print what the solver's benchmark found: each instance, the means, and whether they keep the bars."""

from __future__ import annotations

from collections import defaultdict
from statistics import mean

BARS = {
    ("ortec", 10.0): "our mean cost over PyVRP's is at most 98.5 %",
    ("ortec", 60.0): "our mean cost over PyVRP's is at most 99.8 %",
    ("homberger", 60.0): "our mean gap is at most 1.5 % and below PyVRP's",
    ("solomon", 5.0): "our mean gap is at most 0.5 %",
}
ORDER = ("ours", "ortools", "pyvrp", "vroom")


def print_tables(records):
    """Print one table for each family and limit."""
    parts = defaultdict(list)
    for record in records:
        parts[record["family"], record["seconds"]].append(record)
    for (family, seconds), found in sorted(parts.items()):
        print(f"\n== {family}, {seconds:g} s")
        figures = _figures(found)
        _print_instances(figures)
        _print_means(family, seconds, figures, found)


def _figures(found):
    """Return for each instance and solver its mean cost, gap, spread over seeds, and what went wrong."""
    cells = defaultdict(lambda: defaultdict(list))
    for record in found:
        cells[record["instance"]][record["solver"]].append(record)
    figures = {}
    for instance, solvers in sorted(cells.items(), key=lambda item: _size(item[1])):
        figures[instance] = {name: _cell(runs) for name, runs in solvers.items()}
    return figures


def _size(solvers):
    return max((run.get("stops", 0) for runs in solvers.values() for run in runs), default=0)


def _cell(runs):
    whole = [run for run in runs if "cost" in run and not run["faults"] and not run["unserved"]]
    costs = [run["cost"] for run in whole]
    cell = {
        "runs": len(runs),
        "unserved": sum(run.get("unserved", 0) for run in runs),
        "broken": sum("failed" in run or bool(run["faults"]) for run in runs),
        "seconds": mean(run["solve_s"] for run in whole) if whole else None,
        "vehicles": mean(run["vehicles"] for run in whole) if whole else None,
    }
    if costs and len(costs) == len(runs):
        cost, best = mean(costs), whole[0]["best"]
        cell |= {"cost": cost, "gap": cost / best - 1, "spread": (max(costs) - min(costs)) / cost, "best": best}
    return cell


def _print_instances(figures):
    named = [name for name in ORDER if any(name in solvers for solvers in figures.values())]
    columns = "".join(f"{name:>11}{'gap':>8}{'spread':>8}" for name in named)
    print(f"{'instance':<20}{'best known':>11}{columns}{'/PyVRP':>8}{'unserved':>9}{'broken':>7}")
    for instance, solvers in figures.items():
        known = next((cell["best"] for cell in solvers.values() if "best" in cell), None)
        row = "".join(_words(solvers.get(name, {})) for name in named)
        ratio = _ratio(solvers)
        unserved, broken = (sum(cell[what] for cell in solvers.values()) for what in ("unserved", "broken"))
        print(
            f"{_short(instance):<20}{'–' if known is None else f'{known:.1f}':>11}{row}"
            f"{'–' if ratio is None else f'{ratio:.2%}':>8}{unserved:>9}{broken:>7}"
        )


def _short(instance):
    return instance.removeprefix("ORTEC-VRPTW-ASYM-").replace("-d1", "")


def _words(cell):
    if "cost" not in cell:
        return f"{'–':>11}{'':>16}" if not cell.get("unserved") else f"{cell['unserved']:>7} out{'':>16}"
    return f"{cell['cost']:>11.1f}{cell['gap']:>+8.2%}{cell['spread']:>8.2%}"


def _ratio(solvers):
    ours, theirs = solvers.get("ours", {}), solvers.get("pyvrp", {})
    return ours["cost"] / theirs["cost"] if "cost" in ours and "cost" in theirs else None


def _print_means(family, seconds, figures, found):
    means = {}
    for name in ORDER:
        cells = [solvers[name] for solvers in figures.values() if name in solvers]
        whole = [cell for cell in cells if "cost" in cell]
        if not cells:
            continue
        unserved, broken = (sum(cell[what] for cell in cells) for what in ("unserved", "broken"))
        print(f"{name:<8}{len(whole)} of {len(cells)} instances whole, {unserved} unserved, {broken} broken", end="")
        if whole:
            means[name] = mean(cell["gap"] for cell in whole)
            spread, most = mean(cell["spread"] for cell in whole), max(cell["gap"] for cell in whole)
            print(
                f"; mean gap {means[name]:+.2%}, worst {most:+.2%}, mean spread of seeds {spread:.2%}, "
                f"{mean(cell['seconds'] for cell in whole):.1f} s, "
                f"{mean(cell['vehicles'] for cell in whole):.1f} routes",
                end="",
            )
        print()
    ratios = [ratio for solvers in figures.values() if (ratio := _ratio(solvers)) is not None]
    ratio = mean(ratios) if ratios else None
    if ratio is not None:
        print(f"ours over PyVRP: mean {ratio:.2%} of {len(ratios)} instances, worst {max(ratios):.2%}")
    versions = {record["version"] for record in found if record["solver"] == "ours"}
    if len(versions) > 1:
        print(f"ours was measured at several commits: {', '.join(sorted(versions))}")
    _print_bar(family, seconds, means, ratio, figures)


def _print_bar(family, seconds, means, ratio, figures):
    ours = [solvers["ours"] for solvers in figures.values() if "ours" in solvers]
    if (family, seconds) not in BARS or not ours:
        return
    unserved = sum(cell["unserved"] for cell in ours) + sum(cell["broken"] for cell in ours)
    if family == "ortec":
        kept = None if ratio is None else ratio <= {10.0: 0.985, 60.0: 0.998}[seconds]
    elif family == "homberger":
        kept = None if not {"ours", "pyvrp"} <= means.keys() else means["ours"] <= min(0.015, means["pyvrp"])
    else:
        kept = None if "ours" not in means else means["ours"] <= 0.005
    words = {None: "cannot be told", True: "kept", False: "MISSED"}
    print(f"bar: {BARS[family, seconds]}: {words[kept]}; nothing unserved or broken: {words[unserved == 0]}")
