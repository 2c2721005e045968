import pytest

from routing.errors import InputError
from routing.network.profile import ROAD_CLASSES, Profile


def test_named_profiles():
    assert Profile.named("car") == Profile.car()
    assert Profile.named("van") == Profile.van()
    assert Profile.van().max_speed_kph < Profile.car().max_speed_kph


def test_an_unknown_profile_names_the_known_ones():
    with pytest.raises(InputError) as caught:
        Profile.named("hovercraft")
    (issue,) = caught.value.issues
    assert issue.code == "UNKNOWN_PROFILE"
    assert "car" in issue.action
    assert "van" in issue.action


@pytest.mark.parametrize("profile", [Profile.car(), Profile.van()])
def test_every_class_has_its_speed_in_order(profile):
    assert tuple(name for name, _ in profile.class_speed_kph) == ROAD_CLASSES
