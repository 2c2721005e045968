from routing.network.profile import Profile
from routing.osm.surface import ground_kph


def caps(name):
    profile = Profile.named(name)
    tables = (profile.surface_kph, profile.tracktype_kph, profile.smoothness_kph)
    return dict(zip(("surface", "tracktype", "smoothness"), map(dict, tables), strict=True))


def test_rough_ground_caps_the_speed_of_a_car():
    assert ground_kph({"surface": "cobblestone"}, caps("car")) == 30.0
    assert ground_kph({"surface": "asphalt"}, caps("car")) is None
    assert ground_kph({"surface": "gravel", "smoothness": "very_bad"}, caps("car")) == 20.0
    assert ground_kph({"tracktype": "grade5"}, caps("car")) == 20.0


def test_ground_is_felt_more_on_a_bicycle():
    assert ground_kph({"surface": "cobblestone"}, caps("cargo_bike")) == 7.0
    assert ground_kph({"tracktype": "grade5"}, caps("cargo_bike")) is None
