"""The payer simulator on mass flows: one B2 file in, its returns out, by columns. Bytes in, bytes out.

    reponse = answer_file(data, le=date(2026, 11, 23), graine=1)
    for fichier in reponse.fichiers:
        ...  # fichier.nom, fichier.contenu

For the same decisions it writes the bytes that the record simulator (`repondre`) writes by default. It takes seals and
signatures as they stand. Needs the extra `masse`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from fse.app.caisse.masse import decisions as fates
from fse.app.caisse.masse.answering import Answered, answer
from fse.app.caisse.masse.decisions import Decisions, decide
from fse.app.caisse.masse.demandes import Demandes, read_demandes
from fse.app.caisse.masse.rates import TauxMasse
from fse.norm.codec.noemie.columns.building import build_files

__all__ = ["CompteMasse", "FichierMasse", "ReponseMasse", "TauxMasse", "answer_file"]

_TAUX = TauxMasse()


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierMasse:
    """One NOEMIE return to write. `nom`: `<payeur>-<identifiant>.noe`, the payer being `<régime><caisse><centre>`."""

    nom: str
    contenu: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CompteMasse:
    """What was answered to one B2 file or to several: invoices by fate, then centimes paid of each part.

    `recues` = `payees` + `rejetees` + `payees_moins` + `differees` + `muettes` + `sans_demande`. An invoice is
    rejected, paid less or put off for its first part; a rejected one may have the other part paid.
    """

    recues: int = 0
    payees: int = 0
    rejetees: int = 0
    payees_moins: int = 0
    differees: int = 0
    muettes: int = 0
    sans_demande: int = 0
    amo: int = 0
    amc: int = 0

    @property
    def repondues(self) -> int:
        """The invoices that are in a return."""
        return self.recues - self.muettes - self.sans_demande

    @classmethod
    def of_all(cls, comptes: Iterable[CompteMasse]) -> CompteMasse:
        """The sum of these accounts."""
        found = list(comptes)
        return cls(**{name: sum(getattr(one, name) for one in found) for name in cls.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReponseMasse:
    """The answer to one B2 file: one return a payer, in the order of payers."""

    fichiers: tuple[FichierMasse, ...]
    compte: CompteMasse


def answer_file(data: bytes, *, le: date, graine: int, taux: TauxMasse = _TAUX) -> ReponseMasse:
    """Answer one B2 file of test or demo on a day. The same arguments give the same bytes.

    What becomes of an invoice follows from `graine`, its prestataire and its number, whatever file it stands in.
    Raises as `demandes.read_demandes` (a flow marked real, two files, a fault), `BuildError` when more than 999 lots or
    a sum do not fit the return.
    """
    demandes = read_demandes(data)
    decisions = decide(demandes, graine, taux)
    answered = answer(demandes, decisions, le)
    fichiers = tuple(
        FichierMasse(nom=f"{payeur.numero}-{identifiant}.noe", contenu=content.tobytes())
        for payeur, identifiant, content in zip(
            answered.payeurs, answered.identifiants, build_files(answered.retours), strict=True
        )
    )
    return ReponseMasse(fichiers=fichiers, compte=_count(demandes, decisions, answered))


def _count(demandes: Demandes, decisions: Decisions, answered: Answered) -> CompteMasse:
    counts = np.bincount(decisions.sorts, minlength=fates.SANS_DEMANDE + 1).tolist()
    return CompteMasse(
        recues=demandes.rows,
        payees=counts[fates.PAYEE],
        rejetees=counts[fates.REJETEE] + counts[fates.ECARTEE],
        payees_moins=counts[fates.MOINS],
        differees=counts[fates.DIFFEREE],
        muettes=counts[fates.MUETTE],
        sans_demande=counts[fates.SANS_DEMANDE],
        amo=int(answered.payes["AMO"].sum()),
        amc=int(answered.payes["AMC"].sum()),
    )
