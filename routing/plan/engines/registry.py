"""Name the engines and say what each can carry, without importing any of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class EngineName(StrEnum):
    """Name an engine that can be asked for alone."""

    RUIN_RECREATE = "ruin_recreate"
    ORTOOLS = "ortools"


def part_of(engine: str, *, walked: bool) -> str:
    """Return the name of what an engine compiles for problems whose routes must be walked, or for plain ones."""
    return f"{engine} walked" if walked and engine == EngineName.RUIN_RECREATE else engine


class Constraint(StrEnum):
    """Name what a problem may ask of an engine; the value is how it is told to people."""

    LOAD = "loads and capacities"
    WINDOW = "time windows"
    SEVERAL_WINDOWS = "several windows of one stop"
    LATENESS = "lateness that is paid"
    UNSERVED = "stops left out at a price"
    ALLOWED_VEHICLES = "stops for certain vehicles only"
    SHIFT = "shifts with a free departure"
    START_FIXED = "vehicles on duty from a fixed instant"
    OVERTIME = "overtime that is paid"
    COMMITTED = "committed visits"
    DEPOTS = "start and end places of each vehicle"
    TIMES_OF_DAY = "travel times that change through the day"
    START_FEES = "fees for when a stop is served"
    VEHICLE_FEES = "fees for which vehicle serves a stop"
    FOLLOW_FEES = "fees for what a stop comes after"
    LOADS = "further loads by name"
    PICKUPS = "goods that are collected"
    ON_BOARD = "goods that are on board already"
    RELEASE = "releases of goods"
    DUE = "times by which a service is over"
    OWN_LATENESS = "lateness with a price or limit of its own"
    OWN_PENALTY = "stops with a penalty or prize of their own"
    SKILLS = "skills"
    FORBIDDEN_VEHICLES = "forbidden vehicles"
    AFFINITY = "preferred drivers"
    TERRITORIES = "territories"
    TERRITORY_FEES = "territories that may be left at a price"
    SERVICE_BY_TYPE = "services by type of vehicle"
    SETUP = "setup once per place"
    WALK = "walks from where the vehicle stands"
    TOGETHER = "stops that are served together"
    GOODS_APART = "goods that may not be on board together"
    GOODS_REQUIRED = "goods that require others on the route"
    SHIPMENTS = "shipments from stop to stop"
    OPEN_START = "routes that begin at their first visit"
    OPEN_END = "routes that end with their last visit"
    BREAKS = "breaks in windows"
    DRIVING_RULES = "legal driving times"
    DURATION_LIMIT = "limits on a route's duration"
    DISTANCE_LIMIT = "limits on a route's distance"
    DRIVING_LIMIT = "limits on a route's driving"
    STOPS_LIMIT = "limits on a route's stops"
    OWN_PRICES = "prices of single vehicles"
    LIFO = "unloading last in, first out"
    PICKUPS_LAST = "collecting after delivering"
    RELOADS = "several trips with reloads at depots"
    STOCK = "stock of depots"
    BALANCE = "balance of work"
    PROFILES = "road profiles of single vehicles"


CARRIES: Mapping[EngineName, frozenset[Constraint]] = {
    # Times of day: both search with means of the tables, and what comes out is timed and repaired by the true ones.
    EngineName.RUIN_RECREATE: frozenset(Constraint),
    # A fee between two instants would have to be a variable of its own for each stop, which its search knows badly.
    # Its rests know neither driving times that count from before the route nor waiting that serves for them. Its search
    # moves stops one by one or in pairs, so groups are lost to it. Its kinds of goods are apart on the whole route.
    EngineName.ORTOOLS: frozenset(Constraint)
    - {Constraint.START_FEES, Constraint.DRIVING_RULES, Constraint.TOGETHER, Constraint.GOODS_APART},
}
"""What each engine can carry; a problem that asks for more is refused before the search (see `needs`)."""
