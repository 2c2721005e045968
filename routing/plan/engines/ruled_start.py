"""Walk given orders through an instance with rules, as far as a first look needs it."""

from __future__ import annotations

from routing.plan.engines.interface import Instance, Orders


def late_stops(instance: Instance, start: Orders) -> set[int]:
    """Return the stops that allow lateness and may come late in given orders, were all breaks on the way to them."""
    rules = instance.rules
    assert rules is not None
    late: set[int] = set()
    count, fleet = instance.load.size, instance.capacity.size
    for vehicle, order in enumerate(start):
        table = rules.duration_s[rules.profile[vehicle]]
        paused_s = int(rules.break_s[vehicle].sum())
        now_s, node = int(instance.start_first_s[vehicle]), count + vehicle
        bounds_s = _releases(instance, order)
        now_s = max(now_s, bounds_s.pop(0))
        for each in order:
            following = each if each < count else each + 2 * fleet
            now_s += int(table[node, following])
            if each < count:
                now_s += 0 if rules.place[node] == rules.place[each] else int(rules.setup_s[each])
                windows = range(instance.window_first[each], instance.window_first[each + 1])
                if instance.late_allowed[each] and now_s + paused_s > instance.window_end_s[windows[-1]]:
                    late.add(each)
                ahead = (window for window in windows if now_s <= instance.window_end_s[window])
                now_s = max(now_s, *(int(instance.window_start_s[window]) for window in list(ahead)[:1]), 0)
                now_s += int(rules.stay_s[each, vehicle])
            else:
                depot = each - count
                ahead = (
                    int(opens_s)
                    for opens_s, closes_s in zip(rules.depot_open_s[depot], rules.depot_close_s[depot], strict=True)
                    if now_s <= closes_s
                )
                now_s = max(now_s, bounds_s.pop(0), next(ahead, 0)) + int(rules.reload_s[depot])
            node = following
    return late


def _releases(instance: Instance, order: tuple[int, ...]) -> list[int]:
    """Return the latest release of each trip of an order."""
    assert instance.rules is not None
    releases, latest_s = [], 0
    for each in order:
        if each < instance.load.size:
            latest_s = max(latest_s, int(instance.rules.release_s[each]))
        else:
            releases.append(latest_s)
            latest_s = 0
    return [*releases, latest_s]
