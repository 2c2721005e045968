"""A route as a picture for paper: SVG in millimetres, legible in black and white."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from routing.export.lines import route_line
from routing.export.roads import GRID_PER_DEG, road_tiers
from routing.export.schema import RouteDocument
from routing.network.road_network import RoadNetwork
from routing.units import EARTH_RADIUS_M

_WIDTH_MM = 186.0
_HEIGHTS_MM = (80.0, 112.0)
_MARGIN_MM = 9.0
_SMALLEST_M = 400.0
_STROKES = {"minor": ("#cfcfcf", 0.35), "middle": ("#c4c4c4", 0.8), "major": ("#b4b4b4", 1.2)}
_ARROW_EVERY_MM = 24.0
RELOAD = "R"
"""Stands where a vehicle loads again, instead of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """Map degrees to millimetres from the upper left corner, true to scale at the middle of the picture."""

    lat_deg: float
    lon_deg: float
    height_mm: float
    mm_per_m: float

    def to_mm(self, lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return k x 2 millimetres."""
        metres = math.radians(1) * EARTH_RADIUS_M
        x_mm = (lon_deg - self.lon_deg) * math.cos(math.radians(self.lat_deg)) * metres * self.mm_per_m
        y_mm = (lat_deg - self.lat_deg) * metres * self.mm_per_m
        return np.column_stack([_WIDTH_MM / 2 + x_mm, self.height_mm / 2 - y_mm])

    def box_deg(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north of the picture."""
        metres = math.radians(1) * EARTH_RADIUS_M
        half_lat = self.height_mm / 2 / self.mm_per_m / metres
        half_lon = _WIDTH_MM / 2 / self.mm_per_m / metres / math.cos(math.radians(self.lat_deg))
        return (
            self.lon_deg - half_lon,
            self.lat_deg - half_lat,
            self.lon_deg + half_lon,
            self.lat_deg + half_lat,
        )


def route_picture(route: RouteDocument, network: RoadNetwork | None, attribution: str) -> Markup:
    """Return the drawing of a route with numbered stops, its ends, a scale bar and the attribution."""
    line_deg = np.array(route_line(route))
    stops_deg = np.array([(visit.lat_deg, visit.lon_deg) for visit in route.visits]).reshape(-1, 2)
    ends_deg = np.array([(end.lat_deg, end.lon_deg) for end in (route.start, route.end)])
    frame = _frame(np.concatenate([line_deg, stops_deg, ends_deg]))
    line_mm = frame.to_mm(line_deg[:, 0], line_deg[:, 1])
    stops_mm = frame.to_mm(stops_deg[:, 0], stops_deg[:, 1])
    ends_mm = frame.to_mm(ends_deg[:, 0], ends_deg[:, 1])
    size = f'viewBox="0 0 {_WIDTH_MM:g} {frame.height_mm:g}"'
    parts = [
        f'<svg class="picture" {size} role="img" aria-label="map of the route">',
        f'<rect width="{_WIDTH_MM:g}" height="{frame.height_mm:g}" fill="#fff"/>',
        *(_roads(network, frame) if network is not None else ()),
        f'<path d="{_path(line_mm)}" fill="none" stroke="#fff" stroke-width="2.2" stroke-linejoin="round"/>',
        f'<path d="{_path(line_mm)}" fill="none" stroke="#1b4f8f" stroke-width="1" stroke-linejoin="round"/>',
        *_arrows(line_mm),
        *_ends(ends_mm),
        *_numbers(stops_mm, [RELOAD if number is None else str(number) for number in route.numbers], frame.height_mm),
        *_scale_bar(frame),
        f'<text x="{_WIDTH_MM - 1.5:g}" y="{frame.height_mm - 1.5:g}" text-anchor="end" font-size="2.6" '
        f'fill="#333" stroke="#fff" stroke-width="0.8" paint-order="stroke">{escape(attribution)}</text>',
        "</svg>",
    ]
    return Markup("".join(parts))


def _frame(points_deg: NDArray[np.float64]) -> _Frame:
    south, west = points_deg.min(axis=0)
    north, east = points_deg.max(axis=0)
    lat_deg, lon_deg = float(south + north) / 2, float(west + east) / 2
    metres = math.radians(1) * EARTH_RADIUS_M
    tall_m = max(float(north - south) * metres, _SMALLEST_M)
    wide_m = max(float(east - west) * metres * math.cos(math.radians(lat_deg)), _SMALLEST_M)
    inner_mm = _WIDTH_MM - 2 * _MARGIN_MM
    height_mm = round(min(max(tall_m / wide_m * inner_mm + 2 * _MARGIN_MM, _HEIGHTS_MM[0]), _HEIGHTS_MM[1]), 1)
    mm_per_m = min(inner_mm / wide_m, (height_mm - 2 * _MARGIN_MM) / tall_m)
    return _Frame(lat_deg=lat_deg, lon_deg=lon_deg, height_mm=height_mm, mm_per_m=mm_per_m)


def _path(points_mm: NDArray[np.float64]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points_mm.tolist())


def _roads(network: RoadNetwork, frame: _Frame) -> list[str]:
    paths = []
    for tier in road_tiers(network, *frame.box_deg()):
        drawn = (line / GRID_PER_DEG for line in tier.lines)
        path = "".join(_path(frame.to_mm(line[:, 1], line[:, 0])) for line in drawn)
        colour, width_mm = _STROKES[tier.name]
        if path:
            paths.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width_mm}"/>')
    return paths


def _arrows(line_mm: NDArray[np.float64]) -> list[str]:
    """Return arrow heads along the line, so that paper shows which way it goes."""
    steps_mm = np.hypot(*np.diff(line_mm, axis=0).T)
    along_mm = np.concatenate([[0.0], np.cumsum(steps_mm)])
    arrows = []
    for at_mm in np.arange(_ARROW_EVERY_MM / 2, along_mm[-1], _ARROW_EVERY_MM):
        i = int(np.searchsorted(along_mm, at_mm, side="right")) - 1
        unit = (line_mm[i + 1] - line_mm[i]) / steps_mm[i]
        x, y = line_mm[i] + unit * (at_mm - along_mm[i])
        turn_deg = math.degrees(math.atan2(unit[1], unit[0]))
        arrows.append(
            f'<path d="M2.1 0L-1.5 1.7L-0.7 0L-1.5 -1.7Z" fill="#0b2a52" stroke="#fff" stroke-width="0.35" '
            f'transform="translate({x:.2f} {y:.2f}) rotate({turn_deg:.0f})"/>'
        )
    return arrows


def _ends(ends_mm: NDArray[np.float64]) -> list[str]:
    same = bool(np.hypot(*(ends_mm[0] - ends_mm[1])) < 4)
    words = ("Start + end",) if same else ("Start", "End")
    return [
        f'<rect x="{x - 1.8:.2f}" y="{y - 1.8:.2f}" width="3.6" height="3.6" fill="#000" stroke="#fff" '
        f'stroke-width="0.5"/><text x="{x + 2.6:.2f}" y="{y - 2:.2f}" font-size="3" font-weight="bold" '
        f'stroke="#fff" stroke-width="0.9" paint-order="stroke">{word}</text>'
        for word, (x, y) in zip(words, ends_mm.tolist(), strict=False)
    ]


def _numbers(stops_mm: NDArray[np.float64], labels: Sequence[str], height_mm: float) -> list[str]:
    radius_mm = 2.5 if len(stops_mm) <= 45 else 1.9
    labels_mm = _spread(stops_mm, 2 * radius_mm + 0.3, height_mm)
    parts: list[str] = []
    style = 'fill="#fff" stroke="#000" stroke-width="0.4"'
    for (x, y), (at_x, at_y) in zip(labels_mm.tolist(), stops_mm.tolist(), strict=True):
        parts.append(f'<path d="M{at_x:.2f} {at_y:.2f}L{x:.2f} {y:.2f}" stroke="#000" stroke-width="0.35"/>')
        parts.append(f'<circle cx="{at_x:.2f}" cy="{at_y:.2f}" r="0.7" fill="#000"/>')
    for label, (x, y) in zip(labels, labels_mm.tolist(), strict=True):
        parts.append(
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius_mm}" {style}/>'
            f'<text x="{x:.2f}" y="{y + radius_mm * 0.42:.2f}" text-anchor="middle" font-weight="bold" '
            f'font-size="{radius_mm * 1.2:.2f}">{label}</text>'
        )
    return parts


def _spread(points_mm: NDArray[np.float64], apart_mm: float, height_mm: float) -> NDArray[np.float64]:
    """Return places for labels near their points that do not cover each other, by pushing pairs apart."""
    count = len(points_mm)
    turns = np.arange(count) * 2.399963  # the golden angle, so that equal points part in different directions
    labels = points_mm + 0.01 * np.column_stack([np.cos(turns), np.sin(turns)])
    for _ in range(300):
        between = labels[:, None, :] - labels[None, :, :]
        distance = np.hypot(between[..., 0], between[..., 1])
        np.fill_diagonal(distance, np.inf)
        push = np.maximum(apart_mm - distance, 0) / 2 / distance
        moved = (between * push[..., None]).sum(axis=1)
        calm = np.abs(moved).sum(axis=1, keepdims=True) < 1e-3
        labels = labels + 0.6 * moved + np.where(calm, 0.02 * (points_mm - labels), 0)
        labels = np.clip(labels, apart_mm / 2, [_WIDTH_MM - apart_mm / 2, height_mm - apart_mm / 2 - 3])
    return labels


def _scale_bar(frame: _Frame) -> list[str]:
    power = 10 ** math.floor(math.log10(40 / frame.mm_per_m))
    length_m = max(m * power for m in (1, 2, 5) if m * power * frame.mm_per_m <= 40)
    words = f"{length_m:g} m" if length_m < 1000 else f"{length_m / 1000:g} km"
    y, right = frame.height_mm - 2.5, 3 + length_m * frame.mm_per_m
    bar = f"M3 {y - 1.2:.2f}V{y:.2f}H{right:.2f}V{y - 1.2:.2f}"
    return [
        f'<path d="{bar}" fill="none" stroke="#000" stroke-width="0.4"/>',
        f'<text x="{right + 1.2:.2f}" y="{y:.2f}" font-size="2.8" stroke="#fff" stroke-width="0.8" '
        f'paint-order="stroke">{words}</text>',
    ]
