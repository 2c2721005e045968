"""What weather does to speeds, by class of road."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.errors import Issue
from routing.network.profile import ROAD_CLASSES

EVERY_CLASS = ""
"""Stands for all classes that no row of the same condition names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherRow:
    """Give the share of speed that remains on a class of road (its links included) in a condition."""

    condition: str
    road_class: str = EVERY_CLASS
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherTable:
    """Hold the conditions of the weather that are known, and what they do."""

    rows: tuple[WeatherRow, ...]

    @property
    def conditions(self) -> tuple[str, ...]:
        """Return the names of the conditions, in the order of the table."""
        return tuple(dict.fromkeys(row.condition for row in self.rows))

    def class_factors(self, condition: str) -> NDArray[np.float64]:
        """Return the factor of a condition for each of `ROAD_CLASSES`."""
        factors = np.ones(len(ROAD_CLASSES))
        mine = [row for row in self.rows if row.condition == condition]
        for row in sorted(mine, key=lambda row: row.road_class != EVERY_CLASS):
            factors[class_members(row.road_class)] = row.factor
        return factors


def class_members(road_class: str) -> list[int]:
    """Return the indices into `ROAD_CLASSES` that a class in a table means: itself and its links, or all."""
    meant = ROAD_CLASSES if road_class == EVERY_CLASS else (road_class, f"{road_class}_link")
    return [index for index, name in enumerate(ROAD_CLASSES) if name in meant]


_URBAN = (
    ("dry", 1.0),
    ("rain_light", 0.95),
    ("rain", 0.88),
    ("rain_heavy", 0.80),
    ("snow_light", 0.85),
    ("snow", 0.70),
    ("snow_heavy", 0.60),
    ("ice", 0.60),
    ("fog", 0.88),
    ("storm", 0.95),
)
_FREEWAY = (
    ("rain_light", 0.98),
    ("rain", 0.96),
    ("rain_heavy", 0.94),
    ("snow_light", 0.94),
    ("snow", 0.91),
    ("snow_heavy", 0.87),
    ("storm", 0.98),
)
DEFAULT_WEATHER = WeatherTable(
    rows=(
        *(WeatherRow(condition=name, factor=factor) for name, factor in _URBAN),
        *(
            WeatherRow(condition=name, road_class=road_class, factor=factor)
            for name, factor in _FREEWAY
            for road_class in ("motorway", "trunk")
        ),
    )
)
"""Factors where a user gives none.

Streets: FHWA, "How Do Weather Events Impact Roads?" (speed on arterials 10 to 25 % lower on wet and 30 to 40 % on
snowy or slushy pavement), graded by the capacity losses of HCM 2010 Exhibit 10-15 and, for streets, of the Korean HCM
2013. Motorways and trunk roads lose less speed: 4 to 7 % in heavy rain, 11 to 15 % in heavy snow, 12 % in fog (M.
Agarwal, "Impacts of weather on urban freeway traffic flow", Iowa State University, 2005); the lighter grades are
interpolated. Ice has no measured figure and is taken as heavy snow on a street.

Rain is light below 2.5 mm/h and heavy above 6.4 mm/h; snow is light up to 2.5 mm/h of depth (0.10 in) and heavy above
12.7 mm/h (0.50 in); fog is a sight below 400 m (0.25 mile); storm means gusts above 60 km/h.
"""


def weather_faults(table: WeatherTable) -> list[Issue]:
    """Return every row that says nothing or what cannot be."""
    issues = []
    for number, row in enumerate(table.rows, start=1):
        where = f"weather table, row {number}"
        if not class_members(row.road_class):
            cause = f"the class {row.road_class!r} is not known"
            action = f"Use one of: {', '.join(ROAD_CLASSES)}; or none for all of them."
            issues.append(Issue(code="WEATHER_CLASS", where=where, cause=cause, action=action))
        if not 0 < row.factor <= 1:
            cause = f"the factor {row.factor} is not above 0 and up to 1"
            issues.append(
                Issue(code="WEATHER_FACTOR", where=where, cause=cause, action="Give the share of speed that remains.")
            )
    return issues
