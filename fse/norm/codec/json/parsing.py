"""From bytes to a tree of plain values, safely: UTF-8, a bounded size and depth. What fails is a finding.

An object is a tuple of its (key, value) pairs, in order, doubles included; an array is a list. A number that is not
whole, `NaN` and `Infinity` included, is a float: the model has none, so it is refused where it stands.
"""

from __future__ import annotations

import json
import math

from fse.base.findings import finding
from fse.norm.codec.xml.parsing import SIZE_MAX

_DIGITS_MAX = 18
"""A longer number is out of every bound, so its end may be ignored; Python refuses to read it in full."""


def _whole(text: str) -> int:
    return int(text[:_DIGITS_MAX])


def _not_whole(_: str) -> float:
    return math.nan


_DECODER = json.JSONDecoder(
    object_pairs_hook=tuple, parse_int=_whole, parse_float=_not_whole, parse_constant=_not_whole
)


def parse(data: bytes) -> object:
    """The value of a document, or the finding that says why there is none. Never raises, whatever the bytes."""
    if len(data) > SIZE_MAX:
        return finding("saisie.trop_volumineux", maximum=SIZE_MAX // 2**20)
    try:
        return _DECODER.decode(data.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        return finding("saisie.json_encodage", octet=error.start)
    except json.JSONDecodeError as error:
        return finding("saisie.json_illisible", ligne=error.lineno, colonne=error.colno)
    except RecursionError:
        return finding("saisie.json_profondeur")
