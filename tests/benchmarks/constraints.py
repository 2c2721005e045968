"""Hold what fleets ask for beside the peers that can state it too, and show that plain problems stay as fast.

    python tests/benchmarks/constraints.py --data FOLDER --maps FOLDER [lilim] [vroom] [pyvrp] [speed] [eu561] […]

lilim   Li and Lim's pickup and delivery, 60 s each, vehicles first: beside the best known
vroom   problems on Porto's roads with what VROOM can state, each in the time that VROOM takes for it
pyvrp   problems on Porto's roads with reloads, several depots and prizes, 10 s each
speed   plain problems at this commit and at an earlier one (`--before COMMIT`), in pairs, the same iterations
eu561   a day under Regulation (EC) No 561/2006, with the clocks that two drivers bring in

Peers come with the extra `bench`. Everything has one thread, pinned to a core; with two cores two problems run side by
side, whoever solves them. Importing, compiling and reading are outside the seconds for all. All orders of Porto are
judged and priced by code that shares nothing with the package (`constraints_judge`), all of Li and Lim's too
(`constraints_lilim`). Each result is a line of a file, so that a run that was stopped, or is made in parts, goes on
where it was; what failed is tried again, and `--again SOLVER` makes its runs anew.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from constraints_eu561 import print_eu561, run_eu561
from constraints_keep import Kept
from constraints_lilim import print_lilim, run_lilim
from constraints_peers import run_pyvrp, run_vroom
from constraints_speed import print_speed, run_speed
from constraints_tables import print_pyvrp, print_vroom
from roads_peers import default_cache

PARTS = {
    "lilim": (run_lilim, print_lilim),
    "vroom": (run_vroom, print_vroom),
    "pyvrp": (run_pyvrp, print_pyvrp),
    "speed": (run_speed, print_speed),
    "eu561": (run_eu561, print_eu561),
}
"""How each part is run, and how its records are printed."""


def read_options():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", help=f"{', '.join(PARTS)}; all of them if none is given")
    parser.add_argument("--data", type=Path, help="folder of bks.json, lilim, solomon, ortec")
    parser.add_argument("--maps", type=Path, help="folder of the map of Porto")
    parser.add_argument("--cache", type=Path, default=default_cache())
    parser.add_argument("--keep", type=Path, help="file of results, a line each; in the cache folder if not given")
    parser.add_argument("--again", nargs="+", default=[], help="make the runs of these solvers anew")
    parser.add_argument("--report", action="store_true", help="run nothing, print what is kept")
    parser.add_argument("--cores", nargs="+", type=int, default=[0])
    parser.add_argument("--numbers", nargs="+", type=int, help="which of the drawn problems, by number")
    parser.add_argument("--sizes", nargs="+", type=int, help="which of the drawn problems, by their stops")
    parser.add_argument("--only", nargs="+", default=[], help="words of names of instances of lilim and speed")
    parser.add_argument("--seconds", type=float, help="other seconds for lilim, pyvrp and speed; for vroom a limit")
    parser.add_argument("--engine", default="ruin_recreate", help="ours, beside VROOM and PyVRP")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--before", help="an earlier commit, for speed")
    parser.add_argument("--rounds", type=int, default=3, help="pairs of each plain problem")
    options = parser.parse_args()
    unknown = sorted(set(options.parts) - set(PARTS))
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; known are {', '.join(PARTS)}")
    return options


def main():
    """Make what is missing and print the tables."""
    options = read_options()
    kept = Kept(options.keep or options.cache / "constraints.jsonl", options.again)
    for part in options.parts or PARTS:
        run, show = PARTS[part]
        began = time.perf_counter()
        if not options.report:
            run(options, kept)
        show(kept.records(part))
        if not options.report:
            print(f"{part} took {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
