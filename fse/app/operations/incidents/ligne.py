"""One failure, or what was done about one, as the log shows it; and the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Nature = Literal[
    "envoi",
    "non_remise",
    "panne",
    "accuse_negatif",
    "accuse_absent",
    "renvoi",
    "relot",
    "duplicata",
    "piece",
]

NATURES: dict[Nature, str] = {
    "envoi": "Envoi en échec",
    "non_remise": "Fichier non remis",
    "panne": "Panne",
    "accuse_negatif": "Accusé négatif",
    "accuse_absent": "Accusé absent",
    "renvoi": "Renvoi décidé",
    "relot": "Nouveau lot décidé",
    "duplicata": "Duplicata sur papier",
    "piece": "Pièce justificative",
}
"""What each is called, in the order in which those of one moment are told."""

SUITES: frozenset[Nature] = frozenset({"renvoi", "relot", "duplicata"})
"""Those that are no failure, but what was done about one."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Lot:
    """A lot concerned."""

    prestataire: str
    numero_lot: int
    date_lot: date

    def __str__(self) -> str:
        return f"{self.prestataire} lot {self.numero_lot:03d} du {self.date_lot:%d/%m/%Y}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What happened on `jour`, recorded at `instant` (UTC); "" for what did not happen: an acknowledgement is missing.

    `code` is what the other side answered or that of our error, `constat` a French sentence, `fichier` the names of the
    files without extension, with blanks between, `factures` the numbers of the invoices of `lots`, `organismes` their
    funds, `suite` what was done since.
    """

    jour: date
    instant: str = ""
    nature: Nature
    libelle: str
    code: str = ""
    constat: str
    fichier: str = ""
    lots: tuple[Lot, ...] = ()
    praticiens: tuple[str, ...] = ()
    factures: tuple[int, ...] = ()
    organismes: tuple[str, ...] = ()
    suite: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleveIncidents:
    """The log of a period. `tete`: the head of the chain when it was made, RANG:MAC. `suites` of its `incidents` say
    what was done.
    """

    cabinet: str
    emetteur: str
    praticiens: tuple[str, ...]
    marque: str
    organisme: str | None
    depuis: date
    jusqu: date
    etabli_le: date
    tete: str
    incidents: tuple[Incident, ...]
    suites: int
