"""The things to do of a morning: tasks, lots, documents, duties, returns set aside; one entry for what is done at once.

The greatest amounts first; what has no amount comes last. What only waits is not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from fse.app.operations.obligations.suivi import Obligation
from fse.app.operations.pieces.suivi import Piece
from fse.app.operations.suivi import RetourEcarte, Suivi
from fse.app.operations.transmission.lots import LotTransmis
from fse.app.operations.worklist.taches import TO_SEND, WAITING, Tache
from fse.base.french import counted
from fse.domain.echeances.delais import Echeance

WAITS = "accuse_attendu"
"""The state of a lot that asks for nothing yet."""

CARD = TO_SEND | {"a_signer"}
"""What needs a card: the sheets that wait for a lot, the lots that wait for their signature."""

_PIECES = frozenset({"sur_papier", "refusee", "a_envoyer", "envoyee"})
"""States of a document in which somebody has something to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chose:
    """One thing to do. `montant` in centimes, `None` when no amount is known, `enjeu` says of what it is the amount.

    `quoi` counts what it is about; `actions` are what to do; `echeances` the legal delays that run, the first to end
    first; `carte` is true when a card is needed. `taches`, `lots`, `pieces`, `obligations` or `ecartes` tells it in
    full; none does for the version to install.
    """

    ancre: str
    titre: str
    quoi: str
    montant: int | None
    enjeu: str
    actions: tuple[str, ...]
    echeances: tuple[Echeance, ...] = ()
    carte: bool = False
    taches: tuple[Tache, ...] = ()
    lots: tuple[LotTransmis, ...] = ()
    pieces: tuple[Piece, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    ecartes: tuple[RetourEcarte, ...] = ()

    @property
    def limite(self) -> date | None:
        """The last day to do it in time, `None` without one."""
        return min((one.le for one in self.echeances), default=None)


def things_to_do(suivi: Suivi) -> tuple[Chose, ...]:
    """Everything that asks for something, by amount at stake."""
    found = [
        *_of_tasks(suivi.taches),
        *_of_lots(suivi.transmissions),
        *_of_pieces(suivi.pieces),
        *_of_duties(suivi.obligations),
    ]
    paper = to_post(suivi)
    if paper:
        found.append(_to_post(paper))
    if suivi.ecartes:
        found.append(_set_aside(suivi.ecartes))
    if suivi.cahier_des_charges:
        cahier = suivi.cahier_des_charges
        found.append(
            Chose(
                ancre="cahier",
                titre=f"Installer SESAM-Vitale {cahier.version}",
                quoi="1 version",
                montant=None,
                enjeu="",
                actions=("Demander la mise à jour à l'éditeur du logiciel, puis le dire dans cabinet.toml.",),
                echeances=(cahier.echeance,),
            )
        )
    return tuple(sorted(found, key=_stake))


def _stake(one: Chose) -> tuple[bool, int, date, str]:
    return one.montant is None, -(one.montant or 0), one.limite or date.max, one.titre


def _of_tasks(taches: Sequence[Tache]) -> Iterator[Chose]:
    """The tasks, label by label; those that a lot tells are told with it."""
    own = [one for one in taches if not one.lot and one.nature not in WAITING - TO_SEND]
    for rank, (libelle, group) in enumerate(groupby(own, key=lambda one: one.libelle), start=1):
        found = tuple(group)
        yield Chose(
            ancre=f"taches-{rank}",
            titre=libelle,
            quoi=_counted_tasks(found),
            montant=sum(abs(one.montant) for one in found),
            enjeu=found[0].montant_libelle,
            actions=_distinct(one.action for one in found),
            echeances=_deadlines(one.echeance for one in found if one.nature in TO_SEND),
            carte=found[0].nature in CARD,
            taches=found,
        )


def to_post(suivi: Suivi) -> tuple[Tache, ...]:
    """The parts of the paper sheets that the practice sends: nothing tells that one was posted, so each is told until
    its deadline.
    """
    return tuple(one for one in suivi.taches if one.nature in WAITING and is_to_post(one))


def is_to_post(one: Tache) -> bool:
    """Whether it is of a sheet on paper that may not have been posted."""
    return one.echeance is not None and one.echeance.nom == "papier_envoi"


def _to_post(paper: tuple[Tache, ...]) -> Chose:
    return Chose(
        ancre="papier",
        titre="Feuilles papier à poster",
        quoi=_counted_tasks(paper),
        montant=sum(abs(one.montant) for one in paper),
        enjeu="montant demandé",
        actions=("Les envoyer à la caisse si ce n'est fait.",),
        echeances=_deadlines(one.echeance for one in paper),
        taches=paper,
    )


def _counted_tasks(taches: Sequence[Tache]) -> str:
    if taches[0].nature in TO_SEND:
        return counted(len(taches), "feuille")
    invoices = {(one.prestataire, one.numero) for one in taches if one.numero and not one.reference}
    if invoices:
        return counted(len(invoices), "facture")
    return counted(len(taches), "virement" if taches[0].nature.startswith("virement_") else "ligne")


def _of_lots(lots: Sequence[LotTransmis]) -> Iterator[Chose]:
    states = dict.fromkeys(one.transmission.etat for one in lots)
    for etat in states:
        found = tuple(one for one in lots if one.transmission.etat == etat)
        if etat == WAITS:
            continue
        yield Chose(
            ancre=f"lots-{etat}",
            titre=found[0].transmission.libelle,
            quoi=counted(len(found), "lot"),
            montant=sum(one.montant for one in found),
            enjeu="honoraires de leurs factures",
            actions=_distinct(one.transmission.action for one in found),
            echeances=_deadlines(each for one in found for each in one.transmission.echeances),
            carte=etat in CARD,
            lots=found,
        )


def _of_pieces(pieces: Sequence[Piece]) -> Iterator[Chose]:
    for etat in dict.fromkeys(one.etat for one in pieces):
        found = tuple(one for one in pieces if one.etat == etat)
        if etat in _PIECES:
            yield Chose(
                ancre=f"pieces-{etat}",
                titre=f"Pièces justificatives : {found[0].libelle[0].lower()}{found[0].libelle[1:]}",
                quoi=counted(len(found), "pièce"),
                montant=None,
                enjeu="",
                actions=_distinct(one.action for one in found)[:1],
                pieces=found,
            )


def _of_duties(obligations: Sequence[Obligation]) -> Iterator[Chose]:
    """The duties that are left, nature by nature."""
    for nature in dict.fromkeys(one.nature for one in obligations):
        found = tuple(one for one in obligations if one.nature == nature)
        yield Chose(
            ancre=f"obligations-{nature}",
            titre=f"{found[0].libelle[0].upper()}{found[0].libelle[1:]}",
            quoi=counted(len(found), "facture"),
            montant=None,
            enjeu="",
            actions=(f"{found[0].action} {found[0].a_noter}",),
            obligations=found,
        )


def _set_aside(ecartes: Sequence[RetourEcarte]) -> Chose:
    return Chose(
        ancre="ecartes",
        titre="Retours mis de côté, rien n'en est compté",
        quoi=counted(len(ecartes), "fichier"),
        montant=None,
        enjeu="",
        actions=_distinct(one.action for one in ecartes),
        ecartes=tuple(ecartes),
    )


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _deadlines(found: Iterable[Echeance | None]) -> tuple[Echeance, ...]:
    return tuple(sorted((one for one in found if one), key=lambda one: (one.le, one.nom)))
