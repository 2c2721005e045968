"""What is made ready ahead is what a day needs: nothing is left to be compiled on a real map."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from monaco_day import write_day

PROGRAM = """
import sys
from datetime import date
from pathlib import Path
import routing.network.hierarchy, routing.travel.customize, routing.travel.matrix, routing.travel.search
import routing.travel.table
from routing.interface.planning import assemble
from routing.interface.read_inputs import PlanFiles
from routing.travel.prepare import prepare_roads

def compiled():
    rooms = [routing.network.hierarchy, routing.travel.customize, routing.travel.matrix, routing.travel.search,
             routing.travel.table]
    return {(room.__name__, name, str(signature)) for room in rooms for name, kernel in vars(room).items()
            for signature in getattr(kernel, "signatures", ())}

prepare_roads()
ready = compiled()
assert ready
stops, fleet, osm = map(Path, sys.argv[1:])
asked = assemble(PlanFiles(map=osm, stops=stops, fleet=fleet, date=date(2026, 11, 23))).problem
for origin in range(len(asked.places)):
    for depart_s in range(asked.vehicles[0].shift.start_s, asked.vehicles[0].shift.end_s, 600):
        asked.travel.leg(origin, 1, depart_s)
assert compiled() == ready, compiled() - ready
"""


def test_a_day_on_a_real_map_compiles_no_more_than_was_made_ready(tmp_path: Path) -> None:
    options = dict(zip(*[iter(write_day(tmp_path))] * 2, strict=True))
    files = [options[name] for name in ("--stops", "--fleet", "--map")]
    done = subprocess.run([sys.executable, "-c", PROGRAM, *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
