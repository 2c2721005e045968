"""Fill a page template; everything is escaped unless it was made as markup here in this room."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined

from routing.export.words import clock, distance_words, weekday_words, windows_words
from routing.units import format_cents, format_duration


def render(template: str, context: Mapping[str, object]) -> str:
    """Return the page of a template of this package; a name that the context lacks is an error."""
    environment = Environment(
        loader=PackageLoader("routing.export", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clock"] = clock
    environment.filters["windows"] = windows_words
    environment.filters["distance"] = distance_words
    environment.filters["duration"] = format_duration
    environment.filters["cents"] = format_cents
    environment.filters["weekday"] = weekday_words
    return environment.get_template(template).render(context)
