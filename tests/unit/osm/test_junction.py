import pytest

from routing.osm.junction import JunctionDelays, is_stop_without_direction, junction_delay_s

DELAYS = JunctionDelays(signal_s=2, stop_s=3, give_way_s=1, crossing_s=4, mini_roundabout_s=5, level_crossing_s=7)


@pytest.mark.parametrize(
    ("tags", "forward_s", "backward_s"),
    [
        ({}, 0, 0),
        ({"highway": "traffic_signals"}, 2, 2),
        ({"highway": "traffic_signals", "traffic_signals:direction": "forward"}, 2, 0),
        ({"highway": "traffic_signals", "traffic_signals:direction": "backward"}, 0, 2),
        ({"highway": "traffic_signals", "direction": "backward"}, 0, 2),
        ({"highway": "traffic_signals", "traffic_signals:direction": "both", "direction": "forward"}, 2, 2),
        ({"highway": "stop"}, 3, 3),
        ({"highway": "stop", "direction": "forward"}, 3, 0),
        ({"highway": "stop", "stop": "minor"}, 0, 0),
        ({"highway": "stop", "stop": "all"}, 3, 3),
        ({"highway": "give_way", "direction": "backward"}, 0, 1),
        ({"highway": "crossing"}, 4, 4),
        ({"highway": "mini_roundabout", "direction": "clockwise"}, 5, 5),
        ({"railway": "level_crossing"}, 7, 7),
        ({"railway": "level_crossing", "highway": "stop", "direction": "forward"}, 10, 7),
        ({"railway": "crossing"}, 0, 0),
    ],
)
def test_seconds_by_direction(tags, forward_s, backward_s):
    assert junction_delay_s(tags, DELAYS) == (forward_s, backward_s)


def test_which_stops_do_not_tell_their_direction():
    assert is_stop_without_direction({"highway": "stop"})
    assert not is_stop_without_direction({"highway": "stop", "direction": "forward"})
    assert not is_stop_without_direction({"highway": "give_way"})
