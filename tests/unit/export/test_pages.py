from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from plan_documents import sample_document, with_route, with_visit
from tiny_network import network_of

from routing.export.changes import Change
from routing.export.formats import ExportFormat, export_document
from routing.export.html_map import map_text
from routing.export.roads import road_tiers
from routing.export.sheet import sheet_text

HOSTILE = "</script><script>alert(1)</script><img src=x onerror='a()'>\"&{{ 7*7 }}"
LINKS = {"www.google.com", "waze.com"}


class Page(HTMLParser):
    """Collects what a browser would see: elements, attributes, text, and the content of script and style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.texts: list[str] = []
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        self.raw.get(self._inside, self.texts).append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))


def pages(document, **options):
    return {
        "sheet": sheet_text(document, document.routes[0], **options),
        "map": map_text(document, document.routes, **options),
    }


def town():
    """Two streets near the equator: 0 to 100 m east both ways, then 100 m north, one way."""
    nodes = {"a": (0, 0), "b": (100, 0), "c": (100, 100)}
    network = network_of(nodes, [("a", "b", 10), ("b", "a", 10), ("b", "c", 10)])
    return replace(network, arc_way_id=np.array([1, 1, 2], np.int64))


@pytest.mark.parametrize("kind", ["sheet", "map"])
@pytest.mark.parametrize("network", [None, town()], ids=["alone", "roads"])
def test_a_page_fetches_nothing(kind, network):
    page = Page(pages(sample_document(), network=network)[kind])
    for tag, attributes in page.elements:
        assert tag not in {"link", "iframe", "object", "embed", "base", "form"}
        assert "src" not in attributes
        if "href" in attributes:
            assert tag == "a"
    policy = [a["content"] for t, a in page.elements if t == "meta" and a.get("http-equiv")]
    assert policy[0].startswith("default-src 'none'")
    code = "".join(page.raw["style"] + page.raw["script"])
    assert not re.search(r"url\(|@import|https?:|fetch\(|XMLHttpRequest|import\(", code)
    hosts = re.findall(r"https?://([^/]+)", str(page.elements) + page.text)
    assert set(hosts) <= LINKS


@pytest.mark.parametrize("kind", ["sheet", "map"])
def test_hostile_text_stays_text(kind):
    document = with_visit(sample_document(), 0, 0, address=HOSTILE, stop_id=HOSTILE, columns={HOSTILE: HOSTILE})
    document = with_route(document, 0, vehicle_id=f"../{HOSTILE}")
    changes = (Change(vehicle_id=f"../{HOSTILE}", stop_id=HOSTILE, kind="eta", text=HOSTILE),)
    plain, page = (Page(pages(d, changes=c)[kind]) for d, c in ((sample_document(), ()), (document, changes)))
    count = [tag for tag, _ in plain.elements].count("script")
    assert [tag for tag, _ in page.elements].count("script") == count
    assert "img" not in [tag for tag, _ in page.elements]
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert HOSTILE in page.text
    assert "alert(1)" not in "".join(page.raw["style"])


def test_the_map_carries_its_data_for_the_script():
    document = with_visit(sample_document(), 0, 0, address=HOSTILE)
    page = Page(map_text(document, document.routes))
    data = json.loads(page.raw["script"][0])
    assert [route["id"] for route in data["routes"]] == ["van-1", "van-2"]
    first = data["routes"][0]
    assert first["visits"][0]["address"] == HOSTILE
    assert first["visits"][0]["at"] == [740000, 4371000]  # 7.40 and 43.71 degrees in hundred-thousandths
    # 43.70, 7.40 by 43.705 to 43.71: twice 500 steps north
    assert first["legs"][0]["line"] == [740000, 4370000, 0, 500, 0, 500]
    assert first["legs"][0]["arrive"] - first["legs"][0]["depart"] == 600
    assert data["routes"][1]["visits"][0]["late"] is True
    assert data["unassigned"][0]["facts"][1] == ["why", "Its load of 20 is more than the 10 of the largest vehicle."]


def test_the_map_page_says_the_figures_and_what_is_left_out():
    text = Page(map_text(sample_document(), sample_document().routes)).text
    for words in ("3 of 4", "215.84", "One stop is late.", "CAPACITY", "Street of D", "van-2", "OpenStreetMap"):
        assert words in text


def test_the_sheet_says_what_a_driver_needs_in_order():
    text = Page(sheet_text(sample_document(), sample_document().routes[0])).text
    at = [text.index(words) for words in ("08:10", "Street of A", "08:25", "Street of B", "Loading list")]
    assert at == sorted(at)
    loading = text[at[-1] :]
    assert loading.index("Street of B") < loading.index("Street of A")  # the last stop goes in first
    for words in ("Monday 23 November 2026", "ring twice", "08:00–09:00", "any time", "do not know our closures"):
        assert words in text
    assert "LATE" not in text
    assert "10 min LATE" in Page(sheet_text(sample_document(), sample_document().routes[1])).text


def test_each_stop_has_a_code_and_links_to_its_place():
    page = Page(sheet_text(sample_document(), sample_document().routes[0]))
    links = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
    assert links[:3] == [
        "https://www.google.com/maps/dir/?api=1&destination=43.71000,7.40000&travelmode=driving",
        "https://waze.com/ul?ll=43.71000,7.40000&navigate=yes",
        "geo:43.71000,7.40000",
    ]
    assert len(links) == 6
    assert [tag for tag, _ in page.elements].count("svg") == 1 + 2  # the picture and two codes


def test_changes_are_told_to_their_driver_alone():
    changes = (
        Change(vehicle_id="van-1", stop_id="B", kind="added", text="B is added"),
        Change(vehicle_id="van-2", stop_id="C", kind="eta", text="C is later"),
    )
    text = Page(sheet_text(sample_document(), sample_document().routes[0], changes=changes)).text
    assert "B is added" in text
    assert "NEW" in text
    assert "C is later" not in text


@pytest.mark.parametrize("kind", ["added", "moved", "eta", "window"])
def test_every_kind_of_change_to_a_stop_has_its_flag(kind):
    changes = (Change(vehicle_id="van-1", stop_id="B", kind=kind, text="told"),)
    page = Page(sheet_text(sample_document(), sample_document().routes[0], changes=changes))
    assert [a.get("class") for _, a in page.elements].count("flag") == 1


def test_stops_at_one_place_have_labels_of_their_own():
    document = with_visit(sample_document(), 0, 1, lat_deg=43.71, lon_deg=7.40)
    circles = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="2.5"', sheet_text(document, document.routes[0]))
    (x1, y1), (x2, y2) = ((float(x), float(y)) for x, y in circles)
    assert ((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5 > 4.9  # two radii of 2.5 mm


def test_a_street_of_two_directions_is_drawn_once():
    tiers = {tier.name: tier.lines for tier in road_tiers(town(), -1, -1, 1, 1)}
    drawn = sorted(sorted(map(tuple, line.tolist())) for line in tiers["minor"])
    # 100 m at the equator are 100 / 111,194.93 degrees: 90 hundred-thousandths
    assert drawn == [[(0, 0), (90, 0)], [(90, 0), (90, 90)]]
    assert tiers["middle"] == tiers["major"] == ()


def test_roads_outside_the_picture_are_left_out():
    assert all(tier.lines == () for tier in road_tiers(town(), 5, 5, 6, 6))


def test_a_plan_without_routes_still_has_a_map():
    document = sample_document().model_copy(update={"routes": ()})
    assert "Street of D" in map_text(document, ())


def test_every_format_writes_the_same_bytes_twice(tmp_path):
    for name in ("one", "two"):
        for export_format in ExportFormat:
            export_document(sample_document(), export_format, tmp_path / name, since=sample_document())
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / n).iterdir()} for n in ("one", "two"))
    assert one == two
    assert sorted(one) == [
        "map.html",
        "plan.geojson",
        *(f"van-1.{suffix}" for suffix in ("csv", "geojson", "gpx", "sheet.html")),
        *(f"van-2.{suffix}" for suffix in ("csv", "geojson", "gpx", "sheet.html")),
    ]


def test_one_stop_is_not_many():
    document = sample_document()
    route = document.routes[1]
    single = route.model_copy(update={"visits": route.visits[:1]})
    page = map_text(document, (single,))
    assert re.search(r"\b1 stop ·", page)
    assert "1 stops" not in page


def test_a_timed_walk_and_an_approach_stand_on_sheet_and_map():
    document = with_visit(sample_document(), 0, 0, access_walk_m=130, access_walk_s=144, approach="curb")
    sheet = Page(sheet_text(document, document.routes[0])).text
    assert "130 m on foot from the road, 2 min there and back" in " ".join(sheet.split())
    assert "arrive with it on the kerb side" in " ".join(sheet.split())
    assert "130 m to the door" in map_text(document, document.routes)
    assert "on foot" not in Page(sheet_text(sample_document(), sample_document().routes[0])).text
