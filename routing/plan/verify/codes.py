"""Name every rule that a plan can break; a code keeps its meaning for ever and is never used again."""

from __future__ import annotations

from dataclasses import dataclass

_PLAN = {
    "STOP_UNKNOWN": "The plan names a stop that the problem does not have.",
    "STOP_LOST": "A stop is neither served nor unassigned.",
    "STOP_TWICE": "A stop stands in the plan more than once.",
    "VEHICLE_UNKNOWN": "A route belongs to no vehicle of the fleet.",
    "VEHICLE_TWICE": "A vehicle has more than one route.",
    "ROUTE_ORDER": "The routes do not stand in the order of the fleet.",
    "ROUTE_EMPTY": "A route has no visits although its vehicle need not leave.",
    "ROUTE_MISSING": "A vehicle that is out has no route to its end place.",
    "COMMITTED": "A vehicle does not make its committed visits first and in order.",
    "SHIPMENT_SPLIT": "The two stops of a shipment are not on one trip, or only one of them is served.",
    "SHIPMENT_ORDER": "A shipment is delivered before it is picked up.",
    "TOGETHER": "Stops that are served together do not follow each other in order, or only some are served.",
    "STOCK": "More is loaded at a depot than it has in stock.",
    "REASON": "A stop is unassigned for a reason that is not in the table, or without words.",
    "COST": "A part of the cost is not what the routes and the unassigned stops amount to.",
}

_WHO_AND_WHAT = {
    "NOT_ALLOWED": "A stop is served by a vehicle that may not serve it.",
    "OTHER_BOARD": "A stop is served by another vehicle than the one that has its goods on board.",
    "SKILL": "A stop is served by a vehicle without its skills, or with one that it does not take.",
    "TERRITORY": "A stop is served by a vehicle that does not leave its territories.",
    "CAPACITY": "A vehicle carries more than it can.",
    "LOAD": "The load after a visit is not what remains on board.",
    "LOADS": "The further loads after a visit are not what remains on board.",
    "LIFO": "Something is unloaded although what was loaded later is still on board.",
    "PICKUPS_LAST": "Goods from a depot are delivered after goods were collected on the same trip.",
    "GOODS_APART": "Goods are on board together that may not be.",
    "GOODS_REQUIRED": "A route has goods of a kind without those that this kind requires.",
    "RELOAD_DEPOT": "A reload is at no depot where the vehicle may reload.",
    "RELOAD_EMPTY": "A trip that begins with a reload serves no stop.",
    "RELOAD_LATE": "A reload starts outside the depot's windows.",
    "RELOAD_DURATION": "A reload does not take as long as the depot says.",
    "RELOADS_LIMIT": "A vehicle reloads more often than it may.",
    "RELEASE": "A trip leaves its loading before the goods that it delivers are released.",
}

_TIMES = {
    "LEG_COUNT": "A route has not one leg more than visits.",
    "LEG_PLACE": "A leg does not join the place before it with the place after it.",
    "LEG_DEPARTURE": "A leg does not leave when the visit before it ends, or the first not when the route starts.",
    "LEG_UNREACHABLE": "No road allows a leg.",
    "LEG_DURATION": "A leg takes another time than the roads say.",
    "LEG_DISTANCE": "A leg has another length than the roads say.",
    "ARRIVAL": "A visit's arrival is not the end of the leg before it.",
    "SETUP": "A visit's setup is not its stop's, or not spared where the halt before is at the same place.",
    "WAITING": "A visit's waiting is not the time between its arrival, its setup over, and its start.",
    "IDLE": "A visit starts later than it could.",
    "WINDOW": "Service starts outside the windows although it need not.",
    "LATE": "Service starts after the last window, which the stop does not allow.",
    "LATENESS": "A visit's lateness is not the time from the last window's end to its start.",
    "LATENESS_LIMIT": "Service starts later than the stop allows after its last window.",
    "SERVICE": "A visit does not take as long as the stop's service and the walk to the door and back.",
    "DUE": "A service is over after the time by which it is due.",
    "SHIFT_START": "A route starts before its vehicle's shift, or not at its start although that is fixed.",
    "SHIFT_END": "A route with visits ends after its vehicle's shift, which the vehicle does not allow.",
    "OVERTIME": "A route's overtime is not the time from the shift's end to its own.",
    "OVERTIME_LIMIT": "A route ends later after its vehicle's shift than is allowed.",
    "ROUTE_END": "A route does not end when its last leg arrives.",
}

_DRIVERS = {
    "REST_PLACE": "A rest does not lie on its leg, or before the end of the rest before it.",
    "PAUSE": "A leg's pause is not what its rests take, with the waiting for a break that may not begin yet.",
    "REST_NEEDLESS": "A rest is no break of the vehicle, and no driving rules ask for it.",
    "REST_LENGTH": "A rest for the driving rules is none of the breaks that they know.",
    "BREAK_UNKNOWN": "A rest is for a break that the vehicle does not have.",
    "BREAK_TWICE": "A break is taken more than once.",
    "BREAK_MISSING": "A break that is due is not taken.",
    "BREAK_ORDER": "Breaks are not taken in the order in which the vehicle has them.",
    "BREAK_WINDOW": "A break begins outside its window.",
    "BREAK_DURATION": "A break is not as long as it should be.",
    "DRIVING_BREAK": "More is driven without a break than the driving rules allow.",
    "DRIVING_DAY": "More is driven in a day than the driving rules allow.",
    "DRIVING_WEEK": "More is driven in a week than the driving rules allow.",
    "DRIVING_FORTNIGHT": "More is driven in two weeks than the driving rules allow.",
    "SPAN": "A day's duty spans more time than the driving rules allow.",
    "DURATION_LIMIT": "A route takes longer than its vehicle's limit.",
    "DISTANCE_LIMIT": "A route is longer than its vehicle's limit.",
    "DRIVING_LIMIT": "A route has more driving than its vehicle's limit.",
    "STOPS_LIMIT": "A route serves more stops than its vehicle's limit.",
}

VIOLATIONS = {**_PLAN, **_WHO_AND_WHAT, **_TIMES, **_DRIVERS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """State one broken rule: a code of `VIOLATIONS`, where, and what is wrong with figures."""

    code: str
    where: str
    cause: str

    def __str__(self) -> str:
        return f"{self.code}  {self.where}: {self.cause}"
