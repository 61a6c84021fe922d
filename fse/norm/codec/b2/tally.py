"""What the trailers of B2 announce, counted and added up record by record, as the manifest says (`[controles]`).

One piece for both ways: the builder writes what it finds, the checks compare it with what stands in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from fse.norm.codec.checking import amount
from fse.norm.layout import Value
from fse.norm.layout.edition import Control


class _Step(NamedTuple):
    """What a record of a type adds: the trailer and its field, then the sign and the field that are added up."""

    counts: tuple[tuple[str, str], ...]
    sums: tuple[tuple[str, str, int, str], ...]


class Tally:
    """The counts and sums of some trailers, by type, each since its opener was met last."""

    def __init__(self, controls: Mapping[str, Control]) -> None:
        self._controls = controls
        self._steps: dict[str, _Step] = {}
        self._opened: dict[str, list[str]] = {}
        for trailer, control in controls.items():
            self._opened.setdefault(control.ouvre, []).append(trailer)
        self._summed = {
            term.type for control in controls.values() for terms in control.sommes.values() for term in terms
        }
        self._found = {trailer: self._nothing(trailer) for trailer in controls}

    def add(self, type: str, values: Mapping[str, Value]) -> None:
        """One more record; `values` may be empty when no sum asks for them (`sums`) or when no layout reads it."""
        for trailer in self._opened.get(type, ()):
            self._found[trailer] = self._nothing(trailer)
        step = self._steps.get(type)
        if step is None:
            step = self._step(type)
            if len(self._steps) < _STEPS_REMEMBERED:
                self._steps[type] = step
        for trailer, champ in step.counts:
            self._found[trailer][champ] += 1
        if values:
            for trailer, champ, sign, source in step.sums:
                self._found[trailer][champ] += sign * amount(values[source])

    def sums(self, type: str) -> bool:
        """True when the values of a record of this type are added up."""
        return type in self._summed

    def of(self, trailer: str) -> dict[str, int]:
        """What this trailer should announce now, by field."""
        return self._found[trailer]

    def _nothing(self, trailer: str) -> dict[str, int]:
        control = self._controls[trailer]
        return dict.fromkeys((*control.nombres, *control.sommes), 0)

    def _step(self, type: str) -> _Step:
        counts = [(trailer, champ) for trailer, control in self._controls.items() for champ in control.counted_in(type)]
        sums = [
            (trailer, champ, term.signe, term.champ)
            for trailer, control in self._controls.items()
            for champ, terms in control.sommes.items()
            for term in terms
            if term.type == type
        ]
        return _Step(tuple(counts), tuple(sums))


_STEPS_REMEMBERED = 64
"""Types met; what damaged records claim to be is not remembered for ever."""
