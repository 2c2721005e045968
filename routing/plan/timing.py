"""Follow routes that must be walked: halts with setup, releases and reloads, breaks, driving rules and limits.

Breaks may be taken on any leg that their windows allow. For every number of breaks taken the best way so far goes on
from halt to halt: what is forbidden least, then earliest. Leaving later never arrives earlier, so without driving rules
this finds the earliest end of all choices of legs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from routing.plan.halts import Halt, halts_of, places_of_leg, releases_s
from routing.plan.model import Rest
from routing.plan.resting import after_rest, drive_leg, rest_in_waiting_s
from routing.plan.run import Halted, Label, Run, TimeBreach
from routing.problem.model import Problem, Travel, Vehicle
from routing.problem.window import start_in


@dataclass(frozen=True, slots=True)
class Timing:
    """Follow the routes of one problem, as it is asked; every answer is for a vehicle and an order of halts."""

    problem: Problem
    travel: Travel
    """Of vehicles whose profile has none of its own."""
    travel_by_profile: Mapping[str, Travel]
    _halts: dict[str, dict[str, Halt]] = field(init=False, default_factory=dict)
    """By type of vehicle and id."""

    def halts(self, vehicle: Vehicle) -> Mapping[str, Halt]:
        """Return what every stop and depot asks of a vehicle, by id."""
        if vehicle.type not in self._halts:
            self._halts[vehicle.type] = halts_of(self.problem, vehicle.type)
        return self._halts[vehicle.type]

    def travel_of(self, vehicle: Vehicle) -> Travel:
        """Return what tells the drives of a vehicle."""
        return self.travel_by_profile.get(vehicle.profile, self.travel)

    def follow(
        self,
        vehicle: Vehicle,
        order: Sequence[str],
        depart_s: int,
        *,
        forbidden_limit_s: int | None = None,
        like: Run | None = None,
        alike: int = 0,
    ) -> Run | None:
        """Return the run that leaves at an instant; None where a leg is missing or the limit is passed.

        It leaves no earlier than the goods of its first trip are released, unless its start is fixed. The first `alike`
        halts are taken from a run that leaves at the same instant and makes them too.
        """
        known = self.halts(vehicle)
        halts = [known[each] for each in order]
        releases = releases_s(halts)
        first_s = releases[0]
        if first_s is not None and not vehicle.start_fixed:
            depart_s = max(depart_s, first_s)
        labels: tuple[Label, ...] = (_begin(vehicle, depart_s, first_s),)
        passed: list[tuple[Label, ...]] = []
        trip = 0
        if like is not None and like.depart_s == depart_s:
            trips = 1 + sum(halt.reload for halt in halts[:alike])
            if alike and like.releases_s[:trips] == releases[:trips]:
                passed, trip = list(like.labels[:alike]), trips - 1
                labels = _within(passed[-1], forbidden_limit_s)
        for number in range(len(passed), len(halts)):
            halt = halts[number]
            trip += halt.reload
            not_before_s = releases[trip] if halt.reload else None
            labels = _within(self._advance(vehicle, halts, number, labels, not_before_s), forbidden_limit_s)
            if not labels:
                return None
            passed.append(labels)
        ends = [self._ended(vehicle, depart_s, label) for label in self._advance(vehicle, halts, len(halts), labels)]
        ends = [end for end in ends if not _is_due(vehicle, end[0].taken, end[0].now_s)]
        if not ends:
            return None
        best, overtime_s, length_s = min(ends, key=lambda end: end[0][:6])
        if forbidden_limit_s is not None and best.forbidden_s > forbidden_limit_s:
            return None
        return _run(best, depart_s, overtime_s, length_s, releases, tuple(passed))

    def cut_off(self, vehicle: Vehicle, order: Sequence[str], depart_s: int) -> tuple[int, int]:
        """Return the first leg of an order that no road allows, or the last one, and when the vehicle leaves for it."""
        halts = [self.halts(vehicle)[each] for each in order]
        labels: tuple[Label, ...] = (_begin(vehicle, depart_s, None),)
        for number in range(len(halts)):
            after = self._advance(vehicle, halts, number, labels)
            if not after:
                return number, labels[0].now_s
            labels = after
        return len(halts), labels[0].now_s

    def _advance(
        self,
        vehicle: Vehicle,
        halts: Sequence[Halt],
        number: int,
        labels: Iterable[Label],
        not_before_s: int | None = None,
    ) -> tuple[Label, ...]:
        """Return the labels after a halt, or on arrival at the end where there is none of this number."""
        origin, place, same_place = places_of_leg(vehicle, halts, number)
        travel, best, count = self.travel_of(vehicle), dict[int, Label](), len(vehicle.breaks)
        halt = halts[number] if number < len(halts) else None
        for label in labels:
            drive_s = 0 if origin is None else travel.duration_s(origin, place, label.now_s)
            if drive_s is None:
                continue
            for until in range(label.taken, count + 1):
                if until < count and vehicle.breaks[until].window.end_s < label.now_s:
                    continue  # it would never be taken in its window any more
                after = _halted(vehicle, halt, number, label, drive_s, until, not_before_s, same_place=same_place)
                if until not in best or after[:5] < best[until][:5]:
                    best[until] = after
        return tuple(best.values())

    def _ended(self, vehicle: Vehicle, depart_s: int, label: Label) -> tuple[Label, int, int]:
        """Return the label of an arrival at the end with the limits of the whole route, overtime and excess length."""
        overtime_s = max(0, label.now_s - vehicle.shift.end_s)
        breaches = list(_limits(vehicle, depart_s, label))
        limit_s = vehicle.overtime_limit_s if vehicle.overtime_allowed else 0
        if limit_s is not None and overtime_s > limit_s:
            bound_s = vehicle.shift.end_s + limit_s
            breaches.insert(0, TimeBreach(code="SHIFT", at=None, over_s=overtime_s - limit_s, bound_s=bound_s))
        if not breaches:
            return label, overtime_s, 0
        assert label.halted is not None
        slices = self.travel_of(vehicle).matrix.slice_start_s.size
        length_s = sum(breach.over_s for breach in breaches if _may_be_spared(vehicle, breach, slices=slices))
        halted = label.halted._replace(breaches=(*label.halted.breaches, *breaches))
        forbidden_s = label.forbidden_s + sum(breach.over_s for breach in breaches)
        return label._replace(forbidden_s=forbidden_s, halted=halted), overtime_s, length_s


def _begin(vehicle: Vehicle, depart_s: int, release_s: int | None) -> Label:
    clocks = vehicle.driving_clocks
    over_s = max(0, release_s - depart_s) if release_s is not None else 0
    return Label(
        forbidden_s=over_s,
        now_s=depart_s,
        lateness_s=0,
        since_s=clocks.driving_since_break_s,
        unsplit=not clocks.split_taken,
        taken=sum(each.window.end_s < depart_s for each in vehicle.breaks),
        driven_s=0,
        halted=None,
        before=None,
    )


def _within(labels: tuple[Label, ...], forbidden_limit_s: int | None) -> tuple[Label, ...]:
    if forbidden_limit_s is None:
        return labels
    return tuple(label for label in labels if label.forbidden_s <= forbidden_limit_s)


def _is_due(vehicle: Vehicle, taken: int, now_s: int) -> bool:
    """Tell whether the next break's window is over, so that it must have been taken."""
    return taken < len(vehicle.breaks) and vehicle.breaks[taken].window.end_s < now_s


def _halted(
    vehicle: Vehicle,
    halt: Halt | None,
    number: int,
    label: Label,
    drive_s: int,
    until: int,
    not_before_s: int | None,
    *,
    same_place: bool,
) -> Label:
    """Return the label after a leg with its breaks up to a number, and the halt at its end."""
    forbidden_s, leave_s, lateness_s, since_s, unsplit, taken, driven_s, _, _ = label
    rules, arrive_s = vehicle.driving_rules, leave_s + drive_s
    told: tuple[tuple[int, int, str | None], ...] = ()
    breaches: tuple[TimeBreach, ...] = ()
    if rules is not None or until > taken:
        breaks = vehicle.breaks[taken:until]
        arrive_s, since_s, split, told, missed = drive_leg(rules, breaks, leave_s, drive_s, since_s, split=not unsplit)
        unsplit = not split
        closes_s = {each.id: each.window.end_s for each in breaks} if missed else {}
        breaches = tuple(
            TimeBreach(code="BREAK", at=key, over_s=over_s, bound_s=closes_s[key]) for key, over_s in missed
        )
    setup_s = late_s = 0
    start_s = depart_s = arrive_s
    if halt is not None:
        setup_s = 0 if same_place else halt.setup_s
        ready_s = arrive_s + setup_s
        start_s, late_s = start_in(halt.windows, ready_s if not_before_s is None else max(ready_s, not_before_s))
        depart_s = start_s + halt.stay_s
        if rules is not None and start_s > ready_s:
            rest_s = rest_in_waiting_s(rules, start_s - ready_s, since_s, split=not unsplit)
            if rest_s:
                told = (*told, (arrive_s, arrive_s + rest_s, None))
                since_s, split = after_rest(rules, rest_s, since_s, split=not unsplit)
                arrive_s, unsplit = arrive_s + rest_s, not split
        if late_s or halt.due_s is not None:
            breaches = (*breaches, *_broken_at(halt, late_s, depart_s))
            late_s = 0 if halt.reload else late_s
    if breaches:
        forbidden_s += sum(breach.over_s for breach in breaches)
    rests = tuple([Rest(leg=number, start_s=since, end_s=to, break_id=key) for since, to, key in told]) if told else ()
    # By position, which is quicker: this is done for every halt of every order that is tried.
    pause_s = arrive_s - leave_s - drive_s
    halted = Halted(arrive_s, setup_s, start_s, depart_s, late_s, drive_s, pause_s, rests, breaches)
    return Label(forbidden_s, depart_s, lateness_s + late_s, since_s, unsplit, until, driven_s + drive_s, halted, label)


def _broken_at(halt: Halt, late_s: int, depart_s: int) -> Iterator[TimeBreach]:
    """Yield what is broken at a halt by a start so late and a departure."""
    if halt.late_limit_s is not None and late_s > halt.late_limit_s:
        code = "DEPOT_WINDOW" if halt.reload else "WINDOW"
        bound_s = halt.windows[-1].end_s + halt.late_limit_s
        yield TimeBreach(code=code, at=halt.id, over_s=late_s - halt.late_limit_s, bound_s=bound_s)
    if halt.due_s is not None and depart_s > halt.due_s:
        yield TimeBreach(code="DUE", at=halt.id, over_s=depart_s - halt.due_s, bound_s=halt.due_s)


def _limits(vehicle: Vehicle, depart_s: int, label: Label) -> Iterator[TimeBreach]:
    """Yield which limits of the whole route are broken by an arrival at its end."""
    clocks, rules, driven_s = vehicle.driving_clocks, vehicle.driving_rules, label.driven_s
    asked = [
        ("DURATION_LIMIT", "", label.now_s - depart_s, vehicle.duration_limit_s),
        ("DRIVING_LIMIT", "", driven_s, vehicle.driving_limit_s),
    ]
    if rules is not None:
        since_s = depart_s if clocks.on_duty_since_s is None else clocks.on_duty_since_s
        asked += [
            ("DRIVING_RULES", "day", clocks.driving_today_s + driven_s, rules.driving_limit_s),
            ("DRIVING_RULES", "week", clocks.driving_week_s + driven_s, rules.week_limit_s),
            ("DRIVING_RULES", "fortnight", clocks.driving_fortnight_s + driven_s, rules.fortnight_limit_s),
            ("DRIVING_RULES", "span", label.now_s - since_s, rules.span_limit_s),
        ]
    for code, rule, spent_s, limit_s in asked:
        if limit_s is not None and spent_s > limit_s:
            yield TimeBreach(code=code, at=None, over_s=spent_s - limit_s, bound_s=limit_s, rule=rule)


def _may_be_spared(vehicle: Vehicle, breach: TimeBreach, *, slices: int) -> bool:
    """Tell whether a later departure may keep a limit of the whole route that the earliest one breaks.

    A route may become shorter, and what is driven may change where drives depend on the time of day.
    """
    if breach.code == "SHIFT":
        return False
    if breach.rule == "span":
        return vehicle.driving_clocks.on_duty_since_s is None
    return breach.code == "DURATION_LIMIT" or slices > 1


def _run(
    best: Label,
    depart_s: int,
    overtime_s: int,
    length_s: int,
    releases: tuple[int | None, ...],
    passed: tuple[tuple[Label, ...], ...],
) -> Run:
    """Return the run whose last label this is."""
    way: list[Label] = []
    halts: list[Halted] = []
    label: Label | None = best
    while label is not None and label.halted is not None:
        way.append(label)
        halts.append(label.halted)
        label = label.before
    way.reverse()
    halts.reverse()
    return Run(
        depart_s=depart_s,
        times_s=tuple((halted.arrive_s, halted.start_s, halted.depart_s) for halted in halts[:-1]),
        drives_s=tuple(halted.drive_s for halted in halts),
        sums_s=tuple((label.lateness_s, label.forbidden_s) for label in way[:-1]),
        end_s=best.now_s,
        lateness_s=best.lateness_s,
        forbidden_s=best.forbidden_s,
        overtime_s=overtime_s,
        halts=tuple(halts),
        length_s=length_s,
        releases_s=releases,
        labels=passed,
    )
