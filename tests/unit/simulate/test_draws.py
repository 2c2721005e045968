"""Numbers by name: the same name gives the same number, in whatever order, and the laws are those they claim."""

from __future__ import annotations

import numpy as np
import pytest

from routing.simulate.draws import Draws, sigma_of


def test_a_number_follows_from_its_name_alone():
    first = [Draws(seed=3, stream="stop").uniform(key) for key in ("a", "b", "c")]
    second = [Draws(seed=3, stream="stop").uniform(key) for key in ("c", "a", "b")]
    assert first == [second[1], second[2], second[0]]


@pytest.mark.parametrize("other", [Draws(seed=4, stream="stop"), Draws(seed=3, stream="order")])
def test_another_seed_or_stream_is_another_number(other):
    assert other.uniform("a") != Draws(seed=3, stream="stop").uniform("a")


def test_the_laws_have_their_means():
    draws = Draws(seed=1, stream="law")
    assert np.mean([draws.uniform(n, 2, 4) for n in range(4000)]) == pytest.approx(3, abs=0.03)
    assert np.mean([draws.lognormal(n, mean=300, sigma=0.5) for n in range(4000)]) == pytest.approx(300, rel=0.03)
    assert np.mean([draws.poisson(n, 6.0) for n in range(4000)]) == pytest.approx(6, abs=0.15)
    many = draws.lognormals(20_000, cv=0.1)
    assert (many.mean(), many.std()) == (pytest.approx(1, abs=0.005), pytest.approx(0.1, abs=0.005))


def test_a_choice_is_as_likely_as_its_weight():
    draws = Draws(seed=1, stream="choice")
    heavy = [draws.chosen(n, ("heavy", "light"), (3, 1)) for n in range(4000)].count("heavy")
    assert heavy / 4000 == pytest.approx(0.75, abs=0.02)
    assert {draws.chosen(n, ("never", "always"), (0, 1)) for n in range(200)} == {"always"}


def test_one_service_in_twenty_takes_twice_its_mean():
    draws = Draws(seed=1, stream="service")
    took = [draws.lognormal(n, mean=300, sigma=0.4955) for n in range(10_000)]
    assert np.percentile(took, 95) == pytest.approx(600, rel=0.03)


def test_the_deviation_of_the_logarithm_is_that_of_the_variation():
    assert sigma_of(0.1) == pytest.approx(0.0998, abs=1e-4)
