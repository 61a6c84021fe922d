"""The values that a world is made of: invoices, returns, acts. Centimes, days since 1970; `None`: blank or unreadable.

Nothing here computes anything; `entities` lays a file as the reader would, `database` stores, `reference` judges.
"""

from dataclasses import dataclass

CABINET = "cab"
OTHER_CABINET = "autre"
DOC = "001000017"
NURSE = "002000024"
STRANGER = "003000031"
COMPANY = "004000048"
LOCUM = "005000054"
KNOWN = (DOC, NURSE, STRANGER, COMPANY, LOCUM)
DAY = 20000  # a day; the others are counted from it
LOT_DAY = DAY - 1

Row = tuple[str | int | None, ...]
Lot = tuple[int | None, int | None]
Invoice = tuple[str, str, int]
Block = tuple[str, int, str]
Place = tuple[str, str, int]


@dataclass(frozen=True)
class Part:
    """(state, asked, paid), signed."""

    etat: str | None
    demande: int | None
    paye: int | None


def paid(demande: int, paye: int | None = None) -> Part:
    return Part("P", demande, demande if paye is None else paye)


def rejected(demande: int) -> Part:
    return Part("R", demande, 0)


def deferred(demande: int) -> Part:
    return Part("D", demande, 0)


@dataclass(frozen=True)
class Line:
    """An invoice named by a return, with its two parts and its rejects (code, level, part, line).

    `nir` is the fingerprint of its insured. In an older file the parts are told by act lines: one for what the AMO
    pays, one for what the AMC pays; a rejected part is told by the rejects alone.
    """

    numero: int | None
    amo: Part | None = None
    amc: Part | None = None
    lot: Lot = (1, LOT_DAY)
    rejets: tuple[tuple[str, str, str, int | None], ...] = ()
    nir: str = ""


@dataclass(frozen=True)
class Lump:
    """A 261, and the (first day, last day) that each of its 262 tells."""

    montant: int
    details: tuple[tuple[int | None, int | None], ...] = ()
    code: str = "ROSP1"


@dataclass(frozen=True)
class Movement:
    """A 250: what happens to a debt; only the operation RPR takes money from the transfer."""

    montant: int
    operation: str = "RPR"
    reference: str | None = "IND42"
    solde: int = 0
    nature: str = "IND"
    date: int = DAY - 90


@dataclass(frozen=True)
class Transfer:
    """A group of 071 or 070; `montant` is the sum that its 990 states: unless said, what its content makes."""

    lignes: tuple[Line, ...] = ()
    jour: int | None = DAY + 3
    montant: int | None = None
    lieu: str | None = None
    payeur: str | None = "CPAM 001"
    controle: bool = True
    forfaits: tuple[Lump, ...] = ()
    mouvements: tuple[Movement, ...] = ()

    @property
    def total(self) -> int:
        """What it says it transfers."""
        if self.montant is not None:
            return self.montant
        paid_ = sum(part.paye or 0 for line in self.lignes for part in (line.amo, line.amc) if part)
        withheld = sum(one.montant for one in self.mouvements if one.operation == "RPR")
        return paid_ + sum(one.montant for one in self.forfaits) - withheld


@dataclass(frozen=True)
class File:
    """A received file. `beneficiaire` and `destinataire` are raw identifiers; `generation`: 580 or the older 576."""

    fichier: str
    virements: tuple[Transfer, ...]
    beneficiaire: str | None = DOC
    destinataire: str | None = None
    cabinet: str = CABINET
    cree_le: int | None = DAY + 2
    generation: int = 580


def returned(fichier: str, *lignes: Line, jour: int = DAY + 3) -> File:
    """A file of one transfer."""
    return File(fichier, (Transfer(lignes, jour),))


@dataclass(frozen=True)
class Facture:
    """An invoice; by default both payers are asked, and its lot left on `DAY`.

    `remplace` is the number that it corrects, 0 for none; `nir` the fingerprint of its insured; `accuse` what was
    acknowledged of its lot; `en_route` 0 when a refused lot gave it back.
    """

    numero: int
    amo: int = 1500
    amc: int = 1000
    prestataire: str = DOC
    cabinet: str = CABINET
    attend_amo: int = 1
    attend_amc: int = 1
    mode: str = "S"
    lot: tuple[int, int] = (1, LOT_DAY)
    emise_le: int = DAY
    annulee: int = 0
    remplacant: str = ""
    remplace: int = 0
    nir: str = ""
    accuse: str = ""
    en_route: int = 1

    @property
    def key(self) -> Invoice:
        return self.cabinet, self.prestataire, self.numero

    @property
    def left(self) -> bool:
        """Whether it left: in a lot that was sent, or on paper."""
        return self.emise_le > 0 or self.mode in ("papier", "s3404")


@dataclass(frozen=True)
class Attach:
    """A return line attached by hand to an invoice."""

    acte: int
    fichier: str
    rang: int
    numero: int
    prestataire: str = DOC
    cabinet: str = CABINET


@dataclass(frozen=True)
class Force:
    """A state of a part forced by hand; it holds while the part has `retours` answers."""

    acte: int
    numero: int
    partie: str
    etat: str
    retours: int
    prestataire: str = DOC
    cabinet: str = CABINET


@dataclass(frozen=True)
class Entry:
    """An answer entered by hand from a statement on paper."""

    acte: int
    numero: int
    partie: str
    montant: int
    etat: str = "P"
    jour: int = DAY + 4
    prestataire: str = DOC
    cabinet: str = CABINET


@dataclass(frozen=True)
class Explain:
    """A debt attached by hand to an invoice and to the day it was notified (0: none)."""

    acte: int
    reference: str
    numero: int = 0
    notifiee_le: int = 0
    prestataire: str = DOC
    cabinet: str = CABINET


Act = Attach | Force | Entry | Explain


@dataclass(frozen=True)
class Annulment:
    """The end of an act."""

    acte: int
    cabinet: str = CABINET


@dataclass(frozen=True)
class Mandate:
    """A payee that is paid for a prestataire."""

    beneficiaire: str
    prestataire: str = DOC
    cabinet: str = CABINET


@dataclass(frozen=True)
class Takeover:
    """The last number that the previous software gave."""

    dernier_numero: int
    prestataire: str = DOC
    cabinet: str = CABINET


@dataclass(frozen=True)
class Range:
    """The numbers that are reserved to this workstation."""

    premier: int
    dernier: int
    prestataire: str = DOC
    cabinet: str = CABINET


Step = Facture | File | Act | Annulment | Mandate | Takeover | Range
