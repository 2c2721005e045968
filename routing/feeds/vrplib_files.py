"""Tell which benchmark format a file has, and read it."""

from __future__ import annotations

import gzip
import re
import zlib

from routing.errors import InputError, Issue
from routing.feeds.li_lim import is_li_lim, read_li_lim
from routing.feeds.solomon import is_solomon, read_solomon
from routing.feeds.vrplib import read_vrplib
from routing.feeds.vrplib_instance import VrpInstance
from routing.feeds.vrplib_options import Rounding

_GZIP = b"\x1f\x8b"
_VRPLIB = re.compile(r"^\s*(DIMENSION|TYPE|EDGE_WEIGHT_TYPE)\s*:|^\s*[A-Z_]+_SECTION\b", re.MULTILINE)


def read_instance(
    content: bytes, *, name: str, rounding: Rounding | None = None, solomon_rounding: Rounding = Rounding.DIMACS
) -> VrpInstance:
    """Return the instance of a file's bytes, compressed by gzip or not; InputError with every fault of it.

    Without a rounding VRPLIB files are rounded as they say themselves, and Solomon's, which say nothing, as told; those
    of Li and Lim are not rounded.
    """
    try:
        text = (gzip.decompress(content) if content.startswith(_GZIP) else content).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as error:
        raise _refused("FILE_COMPRESSION", name, f"it cannot be unpacked: {error}", "Fetch it again.") from None
    except UnicodeDecodeError as error:
        cause = f"byte {error.start} is not UTF-8"
        raise _refused("FILE_ENCODING", name, cause, "Save it as UTF-8.") from None
    if is_solomon(text):
        return read_solomon(text, name=name, rounding=rounding or solomon_rounding)
    if is_li_lim(text):
        return read_li_lim(text, name=name, rounding=rounding or Rounding.DOUBLE)
    if _VRPLIB.search(text):
        return read_vrplib(text, name=name, rounding=rounding)
    cause = "it is not VRPLIB (KEYWORD : value, …_SECTION), Solomon's (VEHICLE, CUSTOMER) or Li and Lim's (numbers)"
    raise _refused("FORMAT_UNKNOWN", name, cause, "Give a file of one of these formats.")


def _refused(code: str, name: str, cause: str, action: str) -> InputError:
    return InputError([Issue(code=code, where=name, cause=cause, action=action)])
