"""On which side of the road traffic keeps (https://wiki.openstreetmap.org/wiki/Key:driving_side)."""

from __future__ import annotations

from collections import Counter

import numpy as np
import tzfpy

from routing.osm.extract import Extract

_LEFT_ZONES = frozenset(
    {
        # Europe
        *("Europe/London", "Europe/Belfast", "Europe/Dublin", "Europe/Guernsey", "Europe/Isle_of_Man", "Europe/Jersey"),
        *("Europe/Malta", "Asia/Nicosia", "Asia/Famagusta", "Europe/Nicosia"),
        # Africa
        *("Africa/Blantyre", "Africa/Dar_es_Salaam", "Africa/Gaborone", "Africa/Harare", "Africa/Johannesburg"),
        *("Africa/Kampala", "Africa/Lusaka", "Africa/Maputo", "Africa/Maseru", "Africa/Mbabane", "Africa/Nairobi"),
        *("Africa/Windhoek", "Atlantic/St_Helena", "Indian/Mahe", "Indian/Mauritius"),
        # Asia
        *("Asia/Bangkok", "Asia/Brunei", "Asia/Calcutta", "Asia/Kolkata", "Asia/Colombo", "Asia/Dhaka", "Asia/Dili"),
        *("Asia/Hong_Kong", "Asia/Jakarta", "Asia/Jayapura", "Asia/Karachi", "Asia/Kathmandu", "Asia/Katmandu"),
        *("Asia/Kuala_Lumpur", "Asia/Kuching", "Asia/Macau", "Asia/Makassar", "Asia/Pontianak", "Asia/Singapore"),
        *("Asia/Thimphu", "Asia/Tokyo", "Indian/Maldives", "Indian/Christmas", "Indian/Cocos"),
        # Oceania
        *("Pacific/Apia", "Pacific/Auckland", "Pacific/Bougainville", "Pacific/Chatham", "Pacific/Enderbury"),
        *("Pacific/Fakaofo", "Pacific/Fiji", "Pacific/Funafuti", "Pacific/Guadalcanal", "Pacific/Kanton"),
        *("Pacific/Kiritimati", "Pacific/Nauru", "Pacific/Niue", "Pacific/Norfolk", "Pacific/Pitcairn"),
        *("Pacific/Port_Moresby", "Pacific/Rarotonga", "Pacific/Tarawa", "Pacific/Tongatapu"),
        # America
        *("America/Anguilla", "America/Antigua", "America/Barbados", "America/Cayman", "America/Dominica"),
        *("America/Grand_Turk", "America/Grenada", "America/Guyana", "America/Jamaica", "America/Montserrat"),
        *("America/Nassau", "America/Paramaribo", "America/Port_of_Spain", "America/St_Kitts", "America/St_Lucia"),
        *("America/St_Thomas", "America/St_Vincent", "America/Tortola", "Atlantic/Bermuda", "Atlantic/Stanley"),
    }
)
"""Time zones whose country keeps to the left (https://en.wikipedia.org/wiki/Left-_and_right-hand_traffic); all of
Australia's and South Georgia's are told by their names."""
_LEFT_AREAS = ("Australia/", "Atlantic/South_Georgia")
_NODES_ASKED = 51


def drives_on_left(extract: Extract) -> bool:
    """Return whether traffic keeps to the left on a map.

    The countries of the time zones of its nodes decide, unless most ways tell the side by driving_side: a single such
    way is an exception in its country, as in a diverging diamond, and does not speak for the map. The middle of a map
    says nothing: that of Japan or Fiji lies in the sea.
    """
    told = Counter(tags["driving_side"] for tags in extract.way_tags if "driving_side" in tags)
    for side in ("left", "right"):
        if 2 * told[side] > len(extract.way_tags):
            return side == "left"
    rows = np.linspace(0, extract.node_id.size - 1, _NODES_ASKED).astype(np.int64)
    places = zip(extract.node_lon_deg[rows].tolist(), extract.node_lat_deg[rows].tolist(), strict=True)
    zones = [str(tzfpy.get_tz(*place)) for place in places]
    return 2 * sum(zone in _LEFT_ZONES or zone.startswith(_LEFT_AREAS) for zone in zones) > len(zones)
