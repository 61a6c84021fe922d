"""What came of a step: whether it was done, its exit status, what it counted, why it failed and what to do then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from traceback import extract_tb
from typing import Literal

from fse.app.operations.pieces.suivi import Piece
from fse.app.operations.recevoir import FichierRecu
from fse.app.operations.transmission.envoyer import Envois, located
from fse.app.operations.transmission.relever import Relevage
from fse.base.errors import FseError, SignatureError, StorageError
from fse.base.findings import Finding
from fse.base.french import counted
from fse.infra.journal.facts.nuits import MANQUE, Issue, Laisse, is_missed

NomEtape = Literal["envoyer", "relever", "recevoir", "relancer", "renvoyer", "rapport"]


Motif = tuple[str, str]
"""Why, and what to do then: French sentences, nothing personal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Etape:
    """One step of a night. `statut` is the exit status that it met, `comptes` what it did, by name (amounts in
    centimes); `laisses` what it left where it was. `motif` and `action` are French sentences, "" when nobody has to
    look. Nothing here is personal.
    """

    etape: NomEtape
    issue: Issue
    statut: int = 0
    comptes: Mapping[str, int] = field(default_factory=dict)
    laisses: tuple[Laisse, ...] = ()
    motif: str = ""
    action: str = ""

    @property
    def manquee(self) -> bool:
        """True when a person must look: it failed, was not done, or met what only they can mend."""
        return is_missed(self.issue, self.statut)


def failed(etape: NomEtape, error: Exception) -> Etape:
    """A step that an error ended."""
    told = error if isinstance(error, FseError) else unexpected(error)
    return Etape(etape=etape, issue="echec", statut=told.status, motif=located(told), action=told.action)


def not_done(etape: NomEtape, error: FseError) -> Etape:
    """A step that did not begin, for the night could not go on."""
    return Etape(etape=etape, issue="non_faite", statut=error.status, motif=located(error), action=error.action)


def unexpected(error: Exception) -> FseError:
    """A fault of ours: what it is and where, never what it says, which may quote what was read."""
    last = extract_tb(error.__traceback__)[-1:]
    where = "".join(f", {Path(one.filename).name} ligne {one.lineno}" for one in last)
    return StorageError(
        "nuit.imprevue",
        f"Une erreur imprévue s'est produite ({type(error).__name__}{where}).",
        action="Rien n'est perdu : ce qui n'est pas fait le sera. Si elle revient, la signaler avec ce message.",
    )


def exchanged(
    etape: NomEtape,
    statut: int,
    comptes: Mapping[str, int],
    *,
    stopped: Sequence[Motif] = (),
    kept: Sequence[Motif] = (),
    laisses: tuple[Laisse, ...] = (),
) -> Etape:
    """A step that talked to the outside; it failed when something stopped the exchange itself (`stopped`). Done and yet
    missed, it says what kept something from being sent or read (`kept`).
    """
    told = (*stopped, *kept)
    motif = action = ""
    if told and (stopped or statut >= MANQUE):
        others = f" (et {counted(len(told) - 1, 'autre')})" if len(told) > 1 else ""
        motif, action = told[0][0] + others, told[0][1]
    issue: Issue = "echec" if stopped else "faite"
    return Etape(etape=etape, issue=issue, statut=statut, comptes=comptes, laisses=laisses, motif=motif, action=action)


def motifs(constats: Iterable[Finding]) -> list[Motif]:
    """What findings say and ask for."""
    return [(one.message, one.action) for one in constats]


def grouped(found: Iterable[tuple[str, str, str]]) -> tuple[Laisse, ...]:
    """What was left, as (place, reason, action), counted together in the order met."""
    return tuple(
        Laisse(lieu=lieu, nombre=count, raison=raison, action=action)
        for (lieu, raison, action), count in Counter(found).items()
    )


def sending_status(envois: Envois, pieces: Iterable[Piece]) -> int:
    """That of the transport when a file still waits, 1 when a document did not leave."""
    if envois.constats or any(one.sort != "accepte" for one in envois.fichiers):
        return StorageError.status
    return int(any(one.etat != "envoyee" for one in pieces))


def fetching_status(relevage: Relevage) -> int:
    """The highest that was met: transport, key, content."""
    status = StorageError.status if relevage.constats else 0
    for one in relevage.courriers:
        closed = SignatureError.status if one.sort == "ferme" else 0
        status = max(status, closed, content_status(one.retours, one.constats))
    return status


def content_status(retours: Iterable[FichierRecu], constats: Iterable[Finding] = ()) -> int:
    """1 when something received is set aside, is no return, or holds an error."""
    wrong = any(
        one.verdict in ("ecarte", "pas_un_retour") or any(said.is_error for said in one.constats) for one in retours
    )
    return int(wrong or any(said.is_error for said in constats))


def sent_counts(envois: Envois, pieces: Iterable[Piece]) -> dict[str, int]:
    """Files and documents, gone or waiting."""
    gone = sum(one.sort == "accepte" for one in envois.fichiers)
    left = [one.etat == "envoyee" for one in pieces]
    return {
        "partis": gone,
        "en_attente": len(envois.fichiers) - gone,
        "pieces_parties": sum(left),
        "pieces_en_attente": len(left) - sum(left),
    }


def booked_counts(retours: Iterable[FichierRecu]) -> dict[str, int]:
    """What was booked of what came back: invoices answered, money paid, announced and proved, rejects."""
    kept = list(retours)
    booked = [one for one in kept if one.verdict == "recu"]
    parts = [part for one in booked for part in one.parts]
    accuses = [accuse for one in booked for accuse in one.accuses]
    virements = [one for retour in booked for one in retour.virements if one.montant]
    return {
        "fichiers_recus": len(booked),
        "deja_recus": sum(one.verdict == "deja_recu" for one in kept),
        "ecartes": sum(one.verdict == "ecarte" for one in kept),
        "factures": len({(part.prestataire, part.numero) for part in parts}),
        "paye": sum(part.paye for part in parts),
        "releves_banque": sum(one.releve is not None for one in booked),
        "virements_prouves": len({proof.virement for one in booked for proof in one.preuves}),
        "parts_rejetees": sum(part.etat == "R" for part in parts),
        "virements": len(virements),
        "virements_montant": sum(one.montant or 0 for one in virements),
        "accuses_positifs": sum(one.sens == "P" for one in accuses),
        "accuses_negatifs": sum(one.sens == "N" for one in accuses),
    }
