"""Let one bound of a problem give by an amount."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from routing.plan.requests import Request
from routing.plan.rules.book import Book
from routing.plan.rules.breach import Breach
from routing.plan.rules.trips import COUNT
from routing.problem.lower import is_away
from routing.problem.model import LOAD, Amounts, Depot, Problem, Stop, TimeWindow, Vehicle
from routing.units import format_cents, format_clock, format_duration

OPENS, BEGINS = "opens", "begins"
"""The name of a window that opens earlier, and of a shift that begins earlier; else it is their end that gives."""
BETWEEN = "between"
"""The name of a window that closes later although another one follows it."""
OF_STOP = {"WINDOW", "LATENESS_LIMIT", "DUE", "NO_VEHICLE", "RELEASE"}
OF_DEPOT = {"DEPOT_WINDOW", "STOCK"}
OF_ALL = {"GOODS_APART", "GOODS_REQUIRED"}
NEVER = {"UNREACHABLE", "OTHER_BOARD", "SHIPMENT", "TOGETHER"}
"""Rules whose bounds cannot give."""


@dataclass(frozen=True, slots=True, order=True)
class Bound:
    """Name one bound: the code of its rule, whose it is, and which of several."""

    code: str
    of: str
    name: str = ""


def bound_of(breach: Breach) -> Bound | None:
    """Return the bound that would have to give for a breach to go, None where none can."""
    if breach.code in NEVER or (breach.code == "RELOADS" and breach.of != COUNT) or breach.code == "RELEASE":
        return None
    if breach.code == "NO_VEHICLE":
        return Bound(breach.code, breach.stop_id or "", breach.vehicle_id)
    if breach.code in OF_STOP:
        return Bound(breach.code, breach.stop_id or "")
    if breach.code == "STOCK":
        return Bound(breach.code, breach.stop_id or "", breach.of.removeprefix(f"{breach.stop_id} "))
    if breach.code in OF_DEPOT:
        return Bound(breach.code, breach.stop_id or "")
    if breach.code in OF_ALL:
        return Bound(breach.code, breach.of)
    return Bound(breach.code, breach.vehicle_id, "" if breach.code == "RELOADS" else breach.of)


def relaxed(problem: Problem, bound: Bound, amount: int, request: Request) -> Problem:
    """Return the problem with a bound that gives by an amount, for a request to be served."""
    if bound.code in OF_ALL:
        apart, needed = problem.incompatible_goods, problem.required_goods
        if bound.code == "GOODS_APART":
            return replace(problem, incompatible_goods=tuple(pair for pair in apart if ", ".join(pair) != bound.of))
        return replace(problem, required_goods=tuple(pair for pair in needed if ", ".join(pair) != bound.of))
    if bound.code in OF_DEPOT:
        depots = tuple(_depot(each, bound, amount) if each.id == bound.of else each for each in problem.depots)
        return replace(problem, depots=depots)
    if bound.code in OF_STOP:
        stops = tuple(_stop(each, bound, amount) if each.id == bound.of else each for each in problem.stops)
        return replace(problem, stops=stops)
    stops = tuple(stop for stop in problem.stops if stop.id in request.stop_ids)
    vehicles = tuple(
        replace(each, **_fields(each, bound, amount, stops)) if each.id == bound.of else each
        for each in problem.vehicles
    )
    return replace(problem, vehicles=vehicles)


def _stop(stop: Stop, bound: Bound, amount: int) -> Stop:
    if bound.code == "NO_VEHICLE":
        allowed = None if stop.allowed_vehicles is None else tuple(dict.fromkeys((*stop.allowed_vehicles, bound.name)))
        forbidden = tuple(each for each in stop.forbidden_vehicles if each != bound.name)
        return replace(stop, allowed_vehicles=allowed, forbidden_vehicles=forbidden)
    if bound.code == "LATENESS_LIMIT":
        return replace(stop, lateness_limit_s=(stop.lateness_limit_s or 0) + amount)
    if bound.code == "DUE":
        return replace(stop, due_s=(stop.due_s or 0) + amount)
    if bound.code == "RELEASE":
        return replace(stop, release_s=(stop.release_s or 0) - amount)
    return replace(stop, windows=_wider(stop.windows, bound.name, amount))


def _wider(windows: tuple[TimeWindow, ...], name: str, amount: int) -> tuple[TimeWindow, ...]:
    """Return windows of which the last one closes later, or another one does or opens earlier (`opens 0`)."""
    what, _, number = name.partition(" ")
    index = int(number) if number else len(windows) - 1
    start_s, end_s = windows[index].start_s, windows[index].end_s
    wider = TimeWindow(start_s=start_s - amount, end_s=end_s)
    if what != OPENS:
        wider = TimeWindow(start_s=start_s, end_s=end_s + amount)
    return (*windows[:index], wider, *windows[index + 1 :])


def _depot(depot: Depot, bound: Bound, amount: int) -> Depot:
    if bound.code == "STOCK":
        return replace(depot, stock=_more(depot.stock or (), bound.name, amount))
    return replace(depot, windows=_wider(depot.windows, "", amount))


def _fields(vehicle: Vehicle, bound: Bound, amount: int, stops: Iterable[Stop]) -> dict[str, Any]:
    """Return the fields of a vehicle that change."""
    code, name = bound.code, bound.name
    if code == "CAPACITY":
        if name == LOAD:
            return {"capacity": vehicle.capacity + amount}
        return {"capacities": _more(vehicle.capacities, name, amount)}
    if code == "SKILL":
        return {"skills": _skills(vehicle, stops)}
    if code == "TERRITORY":
        away = (stop.territory for stop in stops if is_away(vehicle, stop))
        return {"territories": tuple(dict.fromkeys((*(vehicle.territories or ()), *away)))}
    if code == "SHIFT":
        first_s, last_s = vehicle.shift.start_s, vehicle.shift.end_s
        if name == BEGINS:
            return {"shift": TimeWindow(start_s=first_s - amount, end_s=last_s)}
        return {"shift": TimeWindow(start_s=first_s, end_s=last_s + amount)}
    if code == "BREAK":
        breaks = (
            replace(each, window=replace(each.window, end_s=each.window.end_s + amount)) if each.id == name else each
            for each in vehicle.breaks
        )
        return {"breaks": tuple(breaks)}
    if code == "DRIVING_RULES" and vehicle.driving_rules is not None:
        limit = {"day": "driving_limit_s", "week": "week_limit_s", "fortnight": "fortnight_limit_s"}.get(
            name, "span_limit_s"
        )
        more = getattr(vehicle.driving_rules, limit) + amount
        return {"driving_rules": replace(vehicle.driving_rules, **{limit: more})}
    if code in ("LIFO", "PICKUPS_LAST"):
        return {code.lower(): False}
    field = {
        "STOPS_LIMIT": "stops_limit",
        "RELOADS": "reloads_limit",
        "DURATION_LIMIT": "duration_limit_s",
        "DISTANCE_LIMIT": "distance_limit_m",
        "DRIVING_LIMIT": "driving_limit_s",
        "OVERTIME_LIMIT": "overtime_limit_s",
    }[code]
    return {field: getattr(vehicle, field) + amount}


def _skills(vehicle: Vehicle, stops: Iterable[Stop]) -> tuple[str, ...]:
    """Return the skills with which a vehicle may serve stops."""
    skills = dict.fromkeys(vehicle.skills)
    for stop in stops:
        skills |= dict.fromkeys(stop.skills_all)
        if stop.skills_one_of and skills.keys().isdisjoint(stop.skills_one_of):
            skills[stop.skills_one_of[0]] = None
        for unwanted in stop.skills_none_of:
            skills.pop(unwanted, None)
    return tuple(skills)


def _more(amounts: Amounts, name: str, amount: int) -> Amounts:
    known = dict(amounts)
    return tuple(sorted({**known, name: known.get(name, 0) + amount}.items()))


def bound_words(problem: Problem, bound: Bound, amount: int, request: Request) -> str:
    """Return what gives and by how much."""
    book, of, code = Book(problem), bound.of, bound.code
    time = _time(amount)
    if code == "COST":
        return f"a penalty above {format_cents(amount)} for leaving {of} out"
    if code == "WINDOW":
        return _window_words(book, bound, amount)
    if code == "SHIFT":
        end = "earlier" if bound.name == BEGINS else "longer"
        return f"the shift of {of} {time} {end}"
    if code == "CAPACITY":
        return f"capacity {amount} more{'' if bound.name == LOAD else f' for {bound.name}'} on {of}"
    if code == "STOCK":
        return f"stock {amount} more{'' if bound.name == LOAD else f' of {bound.name}'} at {of}"
    if code == "SKILL":
        stops = [book.stops[stop_id] for stop_id in request.stop_ids]
        before, after = book.vehicles[of].skills, _skills(book.vehicles[of], stops)
        given = [f"skill {each} on {of}" for each in after if each not in before]
        return " and ".join([*given, *(f"{of} without {each}" for each in before if each not in after)])
    if code == "TERRITORY":
        away = {book.stops[each].territory for each in request.stop_ids if is_away(book.vehicles[of], book.stops[each])}
        return f"{of} at home in {' and '.join(sorted(away))}"
    return {
        "NO_VEHICLE": f"{bound.name} allowed at {of}",
        "LATENESS_LIMIT": f"{of} up to {time} later than its lateness may be",
        "DUE": f"{of} due {time} later",
        "RELEASE": f"the goods of {of} ready {time} earlier",
        "DEPOT_WINDOW": f"{of} open {time} longer",
        "BREAK": f"the break {bound.name} of {of} {time} later",
        "DRIVING_RULES": f"{time} more {'duty' if bound.name == 'span' else f'driving in the {bound.name}'} for {of}",
        "STOPS_LIMIT": f"{amount} more stops on {of}",
        "RELOADS": f"{amount} more reloads of {of}",
        "DURATION_LIMIT": f"the duration limit of {of} {time} longer",
        "DRIVING_LIMIT": f"the driving limit of {of} {time} longer",
        "DISTANCE_LIMIT": f"the distance limit of {of} {-(-amount // 100) / 10:.1f} km more",
        "OVERTIME_LIMIT": f"overtime of {of} {time} longer",
        "LIFO": f"{of} unloaded in any order",
        "PICKUPS_LAST": f"{of} delivering after it has collected",
        "GOODS_APART": f"{of} allowed on board together",
        "GOODS_REQUIRED": f"{of.partition(', ')[0]} without {of.partition(', ')[2]}",
    }[code]


def _window_words(book: Book, bound: Bound, amount: int) -> str:
    what, _, number = bound.name.partition(" ")
    windows, zone = book.stops[bound.of].windows, book.problem.time_zone
    window = windows[int(number) if number else -1]
    if what == OPENS:
        until = format_clock(window.start_s - amount, zone)
        return f"the window of {bound.of} from {until} instead of {format_clock(window.start_s, zone)}"
    until = format_clock(-(-(window.end_s + amount) // 60) * 60, zone)
    return (
        f"the window of {bound.of} until {until} instead of {format_clock(window.end_s, zone)}, {_time(amount)} longer"
    )


def _time(amount_s: int) -> str:
    """Return a duration in words, rounded up to a minute where it has some."""
    return format_duration(amount_s if amount_s < 60 else -(-amount_s // 60) * 60)
