"""Fill a page template; everything is escaped unless it was made as markup here in this room."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from routing.export.words import (
    clock,
    distance_words,
    goods_words,
    hours_words,
    load_words,
    rest_words,
    weekday_words,
    windows_words,
)
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
    environment.filters["css_text"] = css_text
    environment.filters["windows"] = windows_words
    environment.filters["goods"] = goods_words
    environment.filters["loads"] = load_words
    environment.filters["rest"] = rest_words
    environment.filters["distance"] = distance_words
    environment.filters["duration"] = format_duration
    environment.filters["cents"] = format_cents
    environment.filters["hours"] = hours_words
    environment.filters["weekday"] = weekday_words
    return environment.get_template(template).render(context)


def css_text(text: str) -> Markup:
    """Return text that may stand between quotes in a style sheet, where HTML escapes mean nothing.

    https://www.w3.org/TR/css-syntax-3/#consume-escaped-code-point
    """
    plain = {*string.ascii_letters, *string.digits, " ", "-", "_", "."}
    return Markup("".join(c if c in plain else f"\\{ord(c):x} " for c in text if c.isprintable()))


def json_text(value: object) -> Markup:
    """Return JSON that may stand in a script element: nothing in it can end the element or open a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)
