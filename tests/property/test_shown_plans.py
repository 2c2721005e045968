"""Laws of published plans: whatever a fleet asks for, plan.json says the whole plan, and each export shows it."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

from constraint_strategies import mixed_problems
from hypothesis import HealthCheck, given, settings

from routing.export.document import PlanContext, document_bytes, parse_document, plan_document, plan_from_document
from routing.export.geojson import export_geojson
from routing.export.gpx import gpx_text
from routing.export.html_map import map_text
from routing.export.manifest_csv import manifest_text
from routing.export.sheet import sheet_text
from routing.interface.check_document import document_violations
from routing.plan.repair import repair
from routing.problem.model import Problem

FEW = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
CONTEXT = PlanContext(
    date=date(1970, 1, 1), profile="van", map_source="m", map_sha256="0", map_attribution="", splits_cost=True
)
GPX = "{http://www.topografix.com/GPX/1/1}"


@FEW
@given(mixed_problems())
def test_a_plan_is_published_whole_and_shown_by_every_export(tmp_path: Path, problem: Problem) -> None:
    plan = repair(problem, ())
    document = parse_document(document_bytes(plan_document(problem, plan, context=CONTEXT)))
    assert plan_from_document(problem, document) == plan
    assert document_violations(problem, plan, document) == ()
    assert document.cost.split is not None
    assert sum(document.cost.split.model_dump().values()) == document.cost.total_cents
    for route, told in zip(plan.routes, document.routes, strict=True):
        served, totals = [visit.stop_id for visit in route.served], told.totals
        assert (totals.served, totals.on_time + totals.late) == (len(served), len(served))
        assert totals.reloads == len(route.visits) - len(served)
        spent_s = (
            totals.drive_s + totals.service_s + totals.waiting_s + totals.setup_s + totals.pause_s + totals.reload_s
        )
        # The start of the first leg is the start of the route; nothing else is in between.
        assert spent_s == totals.duty_s
        assert [number for number in told.numbers if number is not None] == list(range(1, len(served) + 1))
        lines = list(csv.DictReader(io.StringIO(manifest_text(told).removeprefix("\ufeff"))))
        assert [line["stop_id"] for line in lines] == served
        points = ET.fromstring(gpx_text(document, told)).findall(f"{GPX}rte/{GPX}rtept")
        assert len(points) == len(route.visits) + 2
        sheet = sheet_text(document, told)
        assert sheet.count("Load again at") == totals.reloads
        assert sheet.count('class="stop"') == len(served)
        assert sheet.count('class="end rest"') == len(route.rests)
    assert map_text(document, document.routes)
    for path in export_geojson(document, tmp_path):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    served_ids = {visit.stop_id for route in plan.routes for visit in route.served}
    assert {f["properties"]["stop_id"] for f in features if f["properties"]["kind"] == "visit"} == served_ids
