"""Regular framing, many records at a time: bytes to where each record stands. No field is read here."""

from __future__ import annotations

from fse.norm.layout.columns.framing.physical import FixedFraming, Framing, Section
from fse.norm.layout.columns.framing.stream import StreamFraming
from fse.norm.layout.columns.plan import Plan

__all__ = ["Framing", "Section", "framing_of"]


def framing_of(plan: Plan, window: int) -> Framing:
    """The framing that the manifest of an edition says, for windows of so many bytes."""
    stream = plan.edition.stream
    return FixedFraming(plan) if stream is None else StreamFraming(plan, stream, window)
