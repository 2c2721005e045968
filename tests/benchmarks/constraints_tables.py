"""Print what was found beside VROOM and PyVRP: each problem, the means by mix, and whether they keep the bars."""

from __future__ import annotations

from collections import defaultdict
from statistics import mean

SHOWN = 30
"""Characters of a mix."""


def print_vroom(records):
    """Print problems where serving comes first: by priority, then by count; and the cost where both serve alike."""
    print("\n== beside VROOM: served stops (sum of priorities, count), then driving seconds and vehicles")
    _print(records, "vroom", lambda record: (record["priority"], record["served"]), "travel")


def print_pyvrp(records):
    """Print problems where stops may be left out for their prizes: those to be served, then the whole cost."""
    print("\n== beside PyVRP: served stops (those without a prize, all), then the cost, missed prizes among it")
    _print(records, "pyvrp", lambda record: (record["must"],), "cost")


def _print(records, peer, rank, cost):
    pairs = defaultdict(dict)
    for record in records:
        pairs[record["name"], record["limit"]][record["solver"]] = record
    for solver in sorted({record["solver"] for record in records} - {peer}):
        both = [(key, each[peer], each[solver]) for key, each in sorted(pairs.items()) if {peer, solver} <= each.keys()]
        if both:
            print(f"-- {solver} beside {peer}")
            _print_pairs(both, peer, rank, cost)


def _print_pairs(both, peer, rank, cost):
    print(
        f"{'problem':<10}{'mix':<{SHOWN + 2}}{'stops':>6}{'fleet':>6}{'seconds':>9}{'':>2}"
        f"{peer:>9}{'served':>12}{'ours':>9}{'served':>12}{'ratio':>9}{'steps/s':>10}"
    )
    ratios, alike, worse, more, broken = defaultdict(list), [], [], [], []
    for (name, _), theirs, ours in both:
        if "failed" in ours or "failed" in theirs:
            broken.append(name)
            print(f"{name:<10}failed: {(ours.get('failed') or theirs.get('failed')).splitlines()[-1][:120]}")
            continue
        one, other = rank(theirs), rank(ours)
        ratio = ours[cost] / theirs[cost]
        if theirs["faults"] or ours["faults"]:
            broken.append(name)
        elif other < one:
            worse.append(name)
        elif other > one:
            more.append(name)
        if not ours["faults"] and not theirs["faults"]:
            ratios["all"].append(ratio)
            for word in ours["mix"].split():
                ratios[word].append(ratio)
            alike += [(ratio, ours[cost], theirs[cost])] if other == one else []
        mix = ours["mix"] if len(ours["mix"]) <= SHOWN else ours["mix"][: SHOWN - 1] + "…"
        mark = "<" if other < one else ">" if other > one else " "
        print(
            f"{name:<10}{mix:<{SHOWN + 2}}{ours['stops']:>6}{ours['fleet']:>6}{ours['seconds']:>9.1f}{'':>2}"
            f"{theirs[cost]:>9.0f}{_served(one, theirs):>12}{ours[cost]:>9.0f}{_served(other, ours):>12}"
            f"{ratio:>8.2%}{mark}{ours['iterations'] / ours['solve_s']:>10,.0f}"
            f"  {' '.join([*theirs['faults'], *ours['faults']])[:80]}{_disputed(ours, theirs)}"
        )
    for word, found in ratios.items():
        print(f"{word:<12}{len(found):>4} problems: mean ratio of costs {mean(found):.2%}, worst {max(found):.2%}")
    if alike:
        low = sum(ratio < 1 for ratio, _, _ in alike)
        whole = sum(own for _, own, _ in alike) / sum(their for _, _, their in alike)
        print(
            f"serving alike: {len(alike)} problems, ours costs less in {low}, mean ratio "
            f"{mean(ratio for ratio, _, _ in alike):.2%}, of the sums {whole:.2%}"
        )
    print(
        f"serves less in {len(worse)} {' '.join(worse)}; more in {len(more)}; broken {len(broken)} {' '.join(broken)}"
    )
    kept = not worse and not broken and bool(alike) and mean(ratio for ratio, _, _ in alike) < 1
    print(f"bar: as many served in every one, mean cost below {peer}'s: {'kept' if kept else 'MISSED'}")


def _served(ranked, record):
    return " ".join(map(str, dict.fromkeys((*ranked, record["served"]))))


def _disputed(ours, theirs):
    """Return where the package's checker and the judge differ about the peer's orders, or about the cost of ours."""
    words = []
    if ours.get("peer_faults") and not theirs["faults"]:
        words.append(f" disputed: {'; '.join(ours['peer_faults'])[:160]}")
    if abs(ours["own_cost"] - ours["cost"]) > 1 + len(ours["orders"]):
        words.append(f" ours says it costs {ours['own_cost']}, the judge {ours['cost']:.1f}")
    return "".join(words)
