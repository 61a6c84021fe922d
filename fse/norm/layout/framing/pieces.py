"""What framing hands over before any field is read: raw records and entities, and what is wrong around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from fse.norm.layout.items import Framing


class Raw(NamedTuple):
    """The bytes of one record or entity. `type` is `None` when no layout knows it.

    `cut`: the framing broke it off, and a `Trouble` says so.
    """

    octet: int
    brut: bytes
    type: str | None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """A framing finding to be, at a byte offset."""

    code: str
    octet: int


Piece = Raw | Framing | Trouble
