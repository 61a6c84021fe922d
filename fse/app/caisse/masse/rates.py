"""How often each thing happens to an invoice of a mass flow. A story of several days has no place in it."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class TauxMasse:
    """Probabilities from 0 to 1, of an invoice that asks something; what is left is paid as asked.

    The defaults are ours: 97 invoices of 100 are answered. Raises `ValueError` when they are no probabilities.
    """

    silence: float = 0.03
    rejet: float = 0.02
    paye_moins: float = 0.01
    differe: float = 0.01

    def __post_init__(self) -> None:
        rates = [getattr(self, one.name) for one in fields(self)]
        if min(rates) < 0 or sum(rates) > 1:
            raise ValueError(f"rates are probabilities whose sum is at most 1, not {rates}")
