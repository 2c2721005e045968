"""Read a file of settings, TOML or JSON: names and values, one object."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from routing.errors import InputError, Issue
from routing.interface.table import read_bytes


def read_settings(path: Path, what: str, example: str) -> dict[str, object]:
    """Return the names and values of a file; InputError where it is neither TOML nor one JSON object.

    `what` names the file in words, `example` is a line of it.
    """
    data = read_bytes(path, what)
    is_json = path.suffix.lower() == ".json"
    code = f"{what.upper().replace(' ', '_')}_FORMAT"
    try:
        text = data.decode("utf-8-sig")
        content = json.loads(text) if is_json else tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # of JSON, of TOML and of UTF-8 alike
        cause = f"The file is no {'JSON' if is_json else 'TOML'}: {error}."
        action = f"Write lines such as: {example} (a file ending in .json holds one JSON object)."
        raise InputError([Issue(code=code, where=str(path), cause=cause, action=action)]) from None
    if not isinstance(content, dict):
        name, value = example.split(" = ")
        cause, action = "The file does not hold one JSON object.", f'Write it as {{"{name}": {value}}}.'
        raise InputError([Issue(code=code, where=str(path), cause=cause, action=action)])
    return content
