"""What a journal knows of a lot on its way to a caisse: the facts its life is told from. No order means anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from fse.base.working_days import Calendrier


@dataclass(frozen=True, slots=True, kw_only=True)
class FactureFacts:
    """An invoice of a lot. `tiers_payant`: the compulsory part is paid to the professional. `vivante`: it did not leave
    the lot. `reglee`: nothing more is to be transmitted of it here, a duplicate (`sur_papier`) or another invoice
    replaces it. `attendue`: a payment of it is still awaited.
    """

    numero: int
    tiers_payant: bool
    securisee_le: date
    vivante: bool = True
    reglee: bool = False
    sur_papier: bool = False
    attendue: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierFacts:
    """A file that holds the lot. `canal` is "" when someone else sends it; `parti_le` `None` until it leaves."""

    identifiant: str
    canal: str
    parti_le: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuseFacts:
    """An acknowledgement. `suite`: what its cause asks for (`causes_arl`): "renvoi", "relot", or "aucune" when the
    payer has the lot already.

    `numero_facture` is the invoice at fault, 0 when none is named; `identifiant_fichier` the file that it answers.
    """

    sens: Literal["P", "N"]
    suite: str
    numero_facture: int
    identifiant_fichier: str
    recu_le: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFacts:
    """All that is known of a lot. `repondu`: a payer answered one of its invoices; `relotte`: its invoices were freed
    for a new lot, but the one at fault; `renvois`: how often it was decided to send it again. `echec_precedent`: the
    day on which the lot that its invoices left had failed, `None` when they left none. No order means anything.
    """

    certification: str
    calendrier: Calendrier
    signe: bool
    factures: frozenset[FactureFacts]
    fichiers: frozenset[FichierFacts] = frozenset()
    accuses: frozenset[AccuseFacts] = frozenset()
    renvois: int = 0
    relotte: bool = False
    repondu: bool = False
    echec_precedent: date | None = None
