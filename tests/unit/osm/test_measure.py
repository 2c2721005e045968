"""https://wiki.openstreetmap.org/wiki/Map_features/Units."""

import pytest

from routing.osm.measure import length_m, weight_kg


@pytest.mark.parametrize(
    ("value", "metres"),
    [
        ("3.5", 3.5),
        ("3,5 m", 3.5),
        ("350 cm", 3.5),
        ("11'6\"", 3.5052),
        ("11'", 3.3528),
        ("11 ft 6 in", 3.5052),
        ("14ft", 4.2672),
        ("138 in", 3.5052),
        ("default", None),
        ("none", None),
        ("3.5 bananas", None),
        ("-3", None),
    ],
)
def test_lengths(value, metres):
    assert length_m(value) == (None if metres is None else pytest.approx(metres))


@pytest.mark.parametrize(
    ("value", "kilograms"),
    [
        ("7.5", 7500),
        ("7.5 t", 7500),
        ("3500 kg", 3500),
        ("10 st", 9071.8474),
        ("10 lt", 10160.469),
        ("8000 lbs", 3628.73896),
        ("unsigned", None),
    ],
)
def test_weights(value, kilograms):
    assert weight_kg(value) == (None if kilograms is None else pytest.approx(kilograms))
