"""Judge orders by what was asked, in code that shares nothing with the package: what holds, what is served, its cost.

A vehicle leaves as early as its shift allows, since nothing that can be asked here is held by leaving later, breaks
that are over before it leaves apart; then as late as it can without ending later, which is what duty is paid for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

FAR_S = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Tell of orders: what is wrong in words, how many stops they serve and what they cost."""

    faults: list = field(default_factory=list)
    served: int = 0
    priority: int = 0
    """Of the served stops together."""
    must: int = 0
    """Served stops of the highest price of being left out."""
    travel_cents: float = 0.0
    """Driving, duty and vehicles, without what leaving stops out costs."""
    total_cents: float = 0.0


def judged(asked, tables, orders):
    """Return the verdict on orders: lists of ids of stops, and of depots where a vehicle loads again, by vehicle."""
    stops = {stop["id"]: stop for stop in asked["stops"]}
    vehicles = {vehicle["id"]: vehicle for vehicle in asked["vehicles"]}
    faults, served, travel = [], [], 0.0
    for name, order in orders.items():
        if order:
            walk = Walk(asked, vehicles[name], order, tables)
            faults += [f"{name}: {fault}" for fault in walk.faults()]
            travel += walk.cents()
            served += [each for each in order if each in stops]
    if len(set(served)) < len(served):
        faults.append("a stop is served twice")
    faults += _torn(asked, orders)
    left = [stop["unserved_cents"] for stop in asked["stops"] if stop["id"] not in set(served)]
    dearest = max(stop["unserved_cents"] for stop in asked["stops"])
    return Verdict(
        faults=faults,
        served=len(served),
        priority=sum(stops[each]["priority"] for each in served),
        must=sum(stops[each]["unserved_cents"] == dearest for each in served),
        travel_cents=travel,
        total_cents=travel + sum(left),
    )


def _torn(asked, orders):
    trips = {}
    for name, order in orders.items():
        trip = 0
        for at, each in enumerate(order):
            trip += each.startswith("D")
            trips[each] = (name, trip, at)
    for shipment in asked["shipments"]:
        one, other = trips.get(shipment["pickup"]), trips.get(shipment["delivery"])
        if (one is None) != (other is None) or (one and (one[:2] != other[:2] or one[2] > other[2])):
            yield f"shipment {shipment['id']} is torn: {one}, {other}"


class Walk:
    """Walk one route of a vehicle, place by place."""

    def __init__(self, asked, vehicle, order, tables):
        self.asked, self.vehicle, self.order = asked, vehicle, order
        self.duration_s, self.units = tables
        self.stops = {stop["id"]: stop for stop in asked["stops"]}
        self.depots = {depot["id"]: depot for depot in asked["depots"]}
        halts = [(self.stops.get(each) or self.depots[each])["place"] for each in order]
        start = halts[0] if vehicle["start"] is None else vehicle["start"]
        end = halts[-1] if vehicle["end"] is None else vehicle["end"]
        self.legs = list(zip([start, *halts], [*halts, end], strict=True))
        self.drives = [int(self.duration_s[leg]) for leg in self.legs]

    def faults(self):
        """Yield what is wrong, in words."""
        vehicle = self.vehicle
        for each in self.order:
            if each in self.stops and not set(self.stops[each]["skills"]) <= set(vehicle["skills"]):
                yield f"{each} asks for skills that it has not"
        yield from self._reload_faults()
        yield from self._load_faults()
        end_s = self.end_s(vehicle["shift"][0])
        if end_s is None:
            yield "windows, shift and breaks do not hold"
        elif vehicle["duration_limit_s"] is not None and self.duty_s() > vehicle["duration_limit_s"]:
            yield f"it takes {self.duty_s()} s"

    def _reload_faults(self):
        reloads = [each for each in self.order if each in self.depots]
        if not set(reloads) <= set(self.vehicle["reload_depots"]):
            yield f"it loads at {reloads}"
        if len(reloads) > (self.vehicle["reloads_limit"] or 0):
            yield f"it loads {len(reloads)} times"
        last = [one for one, other in pairwise([*self.order, None]) if other is None or other in self.depots]
        if any(each in self.depots for each in last):
            yield "a trip serves nothing"

    def _load_faults(self):
        trips = [[]]
        for each in self.order:
            trips.append([]) if each in self.depots else trips[-1].append(each)
        changes = {}
        for shipment in self.asked["shipments"]:
            changes[shipment["pickup"]] = shipment["amount"]
            changes[shipment["delivery"]] = [-amount for amount in shipment["amount"]]
        for trip in trips:
            for dim in range(self.asked["dims"]):
                on_board = most = sum(self.stops[each]["load"][dim] for each in trip)
                for each in trip:
                    stop = self.stops[each]
                    on_board += stop["pickup"][dim] - stop["load"][dim] + changes.get(each, (0, 0))[dim]
                    most = max(most, on_board)
                if most > self.vehicle["capacity"][dim]:
                    yield f"it carries {most} of {dim}, {self.vehicle['capacity'][dim]} fit"

    def cents(self):
        """Return what the route costs."""
        driven = sum(int(self.units[leg]) for leg in self.legs)
        price = self.asked["duty_cents_per_h"]
        duty_s = self.duty_s() if price else 0
        return self.vehicle["fixed_cents"] + driven * self.vehicle["unit_cents"] + (duty_s or 0) * price / 3_600

    def duty_s(self):
        """Return the least seconds from its start to an end that is as early as can be; None where it does not hold."""
        early = self.vehicle["shift"][0]
        end_s = self.end_s(early)
        if end_s is None:
            return None
        late = self.vehicle["shift"][1]
        while late > early:
            middle = (early + late + 1) // 2
            if self.end_s(middle) == end_s:
                early = middle
            else:
                late = middle - 1
        return end_s - early

    def end_s(self, start_s):
        """Return when a route that leaves then, or later for the sake of a break, is over; None where it breaks a rule.

        A break is due where the route starts at the end of its window or before, and ends after that.
        """
        breaks = self.vehicle["breaks"]
        ends = []
        for missed in range(len(breaks) + 1):
            begin_s = max(start_s, breaks[missed - 1][1] + 1) if missed else start_s
            if missed < len(breaks) and begin_s > breaks[missed][1]:
                continue
            for taken, end_s in enumerate(self._ends(begin_s, missed)):
                after_s = breaks[taken][1] if taken < len(breaks) else FAR_S
                if end_s <= min(self.vehicle["shift"][1], after_s):
                    ends.append(end_s)
        return min(ends, default=None)

    def _ends(self, begin_s, missed):
        """Return for each count of breaks behind it the earliest end, FAR_S where there is none.

        A break begins in its window while the driver is on a leg, or on arrival, and after the one before it is over.
        """
        breaks = self.vehicle["breaks"]
        now = [FAR_S] * (len(breaks) + 1)
        now[missed] = begin_s
        for number, drive_s in enumerate(self.drives):
            arrivals = [FAR_S] * len(now)
            for taken, at_s in enumerate(now):
                free_s, arrive_s = at_s, at_s + drive_s
                for further in range(taken, len(now)):
                    arrivals[further] = min(arrivals[further], arrive_s)
                    if further == len(breaks) or arrive_s >= FAR_S:
                        break
                    opens_s, closes_s, seconds = breaks[further]
                    if free_s > closes_s:
                        break
                    free_s = max(free_s, opens_s) + seconds
                    arrive_s = max(arrive_s, opens_s) + seconds
            if number == len(self.order):
                return arrivals
            now = [self._served_s(self.order[number], arrive_s) for arrive_s in arrivals]
        return now

    def _served_s(self, each, arrive_s):
        if each in self.depots:
            return arrive_s
        stop = self.stops[each]
        for opens_s, closes_s in stop["windows"]:
            if arrive_s <= closes_s:
                return max(arrive_s, opens_s) + stop["service_s"]
        return FAR_S
