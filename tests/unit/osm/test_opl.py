import numpy as np

from routing.osm.opl import parse_fields, parse_members, parse_tags, parse_way_nodes


def test_fields_of_a_way():
    letter, ref, fields = parse_fields("w12 v1 dV c3 t2020-01-01T00:00:00Z i4 uanna Thighway=road Nn1x2y3")
    assert (letter, ref, fields["T"], fields["N"], fields["t"]) == (
        "w",
        12,
        "highway=road",
        "n1x2y3",
        "2020-01-01T00:00:00Z",
    )


def test_escaped_characters_come_back():
    # %20% a space, %2c% a comma, %3d% an equals sign, %1f697% a car (https://osmcode.org/opl-file-format/)
    assert parse_tags("name=Rue%20%A%2c%%20%B%3d%,x=%1f697%") == {"name": "Rue A, B=", "x": "\N{AUTOMOBILE}"}
    assert parse_tags("") == {}


def test_members_of_a_relation():
    assert parse_members("w1@from,n2@via,w3@") == [("w", 1, "from"), ("n", 2, "via"), ("w", 3, "")]
    assert parse_members("") == []


def test_nodes_of_ways_and_those_without_a_place():
    count, ids, lon, lat = parse_way_nodes(["n1x7.5y-43.25,n2xy", "", "n12345678901x-0.5y0"])
    assert count.tolist() == [2, 0, 1]
    assert ids.tolist() == [1, 2, 12345678901]
    np.testing.assert_array_equal(lon, [7.5, np.nan, -0.5])
    np.testing.assert_array_equal(lat, [-43.25, np.nan, 0.0])
