import pytest

from routing.osm.barrier import Passage, node_passage, signal_directions

CAR = ("motorcar", "motor_vehicle", "vehicle", "access")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, Passage.FREE),
        ({"highway": "crossing"}, Passage.FREE),
        ({"barrier": "bollard"}, Passage.BLOCKED),
        ({"barrier": "bollard", "bollard": "rising"}, Passage.FREE),
        ({"barrier": "block"}, Passage.BLOCKED),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, Passage.FREE),
        ({"barrier": "cattle_grid"}, Passage.FREE),
        ({"barrier": "toll_booth"}, Passage.FREE),
        ({"barrier": "gate"}, Passage.GATE),
        ({"barrier": "lift_gate"}, Passage.GATE),
        ({"barrier": "gate", "locked": "yes"}, Passage.BLOCKED),
        ({"barrier": "gate", "access": "no"}, Passage.BLOCKED),
        ({"barrier": "gate", "access": "private"}, Passage.GATE),
        ({"barrier": "gate", "access": "yes"}, Passage.FREE),
        ({"barrier": "gate", "access": "no", "motorcar": "yes"}, Passage.FREE),
        ({"barrier": "kerb", "kerb": "lowered"}, Passage.FREE),
        ({"barrier": "kerb"}, Passage.BLOCKED),
        ({"access": "no"}, Passage.BLOCKED),
    ],
)
def test_passage_of_a_car(tags, expected):
    assert node_passage(tags, CAR) is expected


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({"highway": "traffic_signals"}, True, True),
        ({"highway": "traffic_signals", "traffic_signals:direction": "forward"}, True, False),
        ({"highway": "traffic_signals", "traffic_signals:direction": "backward"}, False, True),
        ({"highway": "traffic_signals", "direction": "backward"}, False, True),
        ({"highway": "traffic_signals", "traffic_signals:direction": "both"}, True, True),
        ({"highway": "stop"}, False, False),
    ],
)
def test_signals_hold_up_their_direction(tags, forward, backward):
    assert signal_directions(tags) == (forward, backward)
