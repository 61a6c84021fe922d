"""The life of a transmission: what a lot has become, what to do about it and until when, from its facts alone.

    a_signer → a_envoyer → accuse_attendu → recu
                                         → sans_accuse | refuse → renvoi_a_envoyer → accuse_attendu → recu | duplicata
                                         → refuse → remplace, and a_refaire for the invoice that the payer named

Rules: no acknowledgement in 2 working days, or a negative one: the lot leaves again unchanged; the second failure ends
on paper (CSS R161-47; regles.md A-22 to A-24). A negative acknowledgement that names an invoice: the others leave in a
new lot, the one named is corrected (architecture, decision 16). Our readings: a positive acknowledgement, or any answer
of a payer to an invoice of the lot, proves that it was received, whatever else was said; a named invoice makes a new
lot at the second failure too, for the transmission is not what failed; a new lot counts its own failures, and must
leave by the deadline of what the old one failed. A lot leaves again unchanged only whole: once an invoice of it is
corrected or on paper, the others leave in a new lot, for what was frozen would have that one paid twice; a refusal that
asks for a new lot undoes a resend that has not left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fse.domain.echeances.actions import edit, make_again, numbers, send
from fse.domain.echeances.delais import Echeance, a_renvoyer, a_transmettre, accuse_attendu, ordre_virement
from fse.domain.echeances.departs import SANS_ACCUSE as SANS_ACCUSE
from fse.domain.echeances.departs import Depart, departures, failure_of
from fse.domain.echeances.faits import FactureFacts, FichierFacts, LotFacts

Etat = Literal[
    "a_signer",
    "a_envoyer",
    "parti",
    "accuse_attendu",
    "sans_accuse",
    "refuse",
    "renvoi_a_envoyer",
    "a_refaire",
    "duplicata",
    "recu",
    "remplace",
]
Suite = Literal["", "renvoi", "relot"]
Motif = Literal["", "accuse_negatif", "sans_accuse"]

ECHECS_MAX = 2
"""Failures of one lot after which only paper is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transmission:
    """What a lot has become. `echeances`: what runs now, the first to end first; `nommees`: the invoices at fault;
    `a_editer`: those whose duplicate is to be made.

    `suite` is what can be done without a card ("renvoi": send it again; "relot": free its invoices), and `motif` why.
    """

    etat: Etat
    libelle: str
    action: str
    echeances: tuple[Echeance, ...] = ()
    suite: Suite = ""
    motif: Motif = ""
    nommees: tuple[int, ...] = ()
    a_editer: tuple[int, ...] = ()
    echecs: int = 0

    @property
    def est_close(self) -> bool:
        """True when nothing more is to be done to transmit this lot."""
        return self.etat in ("parti", "recu", "remplace")


def transmission(facts: LotFacts, le: date) -> Transmission:
    """What a lot has become on a day."""
    if _is_received(facts):
        return _received(facts)
    left = [one for one in facts.factures if one.vivante and not one.reglee]
    if not left:
        return Transmission(etat="remplace", libelle="Remplacé, ou parti sur papier", action="")
    nommees = _named(facts)
    if facts.relotte:
        return _to_redo(nommees or tuple(sorted(one.numero for one in left)))
    if not facts.signe:
        return Transmission(
            etat="a_signer",
            libelle="Lot à signer",
            action="Signer : fse emettre --sortie DOSSIER.",
            echeances=(_transmit_by(facts, left),),
        )
    departs = departures(facts.fichiers)
    waiting = [one for one in facts.fichiers if one.parti_le is None]
    if not departs:
        return _first_tosend(facts, left, waiting)
    failures = [failure_of(facts, departs, rank, le) for rank in range(len(departs))]
    echecs = sum(failure is not None for failure in failures)
    last = failures[-1]
    if waiting:
        since = last or max((one for one in failures if one), default=departs[-1][0])
        if _asks_for_a_new_lot(facts, nommees) or _is_broken(facts):
            return _failed(facts, left, since, echecs, nommees)
        return Transmission(
            etat="renvoi_a_envoyer",
            libelle="Renvoi prêt à partir",
            action=send(waiting),
            echeances=(a_renvoyer(since, facts.calendrier),),
            echecs=echecs,
            nommees=nommees,
        )
    if last is None:
        return _on_its_way(facts, departs, echecs)
    return _failed(facts, left, last, echecs, nommees)


def _first_tosend(facts: LotFacts, left: list[FactureFacts], waiting: list[FichierFacts]) -> Transmission:
    on_paper = tuple(sorted(one.numero for one in facts.factures if one.vivante and one.sur_papier))
    due = (_transmit_by(facts, left),)
    if on_paper and waiting:
        return Transmission(
            etat="duplicata",
            libelle="Lot retenu, en partie sur papier",
            action=f"Ne partira pas : {numbers(on_paper)} déjà sur papier. {edit(_numeros(left), 'aussi ')}",
            echeances=due,
            a_editer=_numeros(left),
        )
    return Transmission(
        etat="a_envoyer",
        libelle="Lot à envoyer",
        action=send(waiting) if waiting else "Faire son fichier : fse emettre --sortie DOSSIER.",
        echeances=due,
    )


def _numeros(factures: Iterable[FactureFacts]) -> tuple[int, ...]:
    return tuple(sorted(one.numero for one in factures))


def _asks_for_a_new_lot(facts: LotFacts, nommees: tuple[int, ...]) -> bool:
    """A payer wants its invoices otherwise: it named one, or its cause says so."""
    return bool(nommees) or any(one.sens == "N" and one.suite == "relot" for one in facts.accuses)


def _is_broken(facts: LotFacts) -> bool:
    """An invoice that it still holds is corrected, or on paper: unchanged, the lot would have it paid twice."""
    return any(one.vivante and one.reglee for one in facts.factures)


def _is_received(facts: LotFacts) -> bool:
    return facts.repondu or any(one.sens == "P" or one.suite == "aucune" for one in facts.accuses)


def _received(facts: LotFacts) -> Transmission:
    """Received for sure; the transfer of what is still awaited is then due."""
    days = [one.recu_le for one in facts.accuses if one.sens == "P"]
    due = any(one.tiers_payant and one.attendue and one.vivante and not one.reglee for one in facts.factures)
    return Transmission(
        etat="recu",
        libelle="Reçu par la caisse",
        action="",
        echeances=(ordre_virement(min(days), facts.calendrier),) if days and due else (),
    )


def _transmit_by(facts: LotFacts, left: Iterable[FactureFacts]) -> Echeance:
    """The deadline of the invoice that must leave first; that of the resend when they left a lot that failed."""
    if facts.echec_precedent is not None:
        return a_renvoyer(facts.echec_precedent, facts.calendrier)
    found = (a_transmettre(one.securisee_le, facts.calendrier, tiers_payant=one.tiers_payant) for one in left)
    return min(found, key=lambda one: (one.le, one.nom))


def _named(facts: LotFacts) -> tuple[int, ...]:
    """The invoices at fault that are still to handle here, by number."""
    named = {one.numero_facture for one in facts.accuses if one.sens == "N"}
    live = (one.numero for one in facts.factures if one.vivante and not one.reglee)
    return tuple(sorted(named.intersection(live)))


def _on_its_way(facts: LotFacts, departs: list[Depart], echecs: int) -> Transmission:
    parti_le, _, canal = departs[-1]
    if not canal or facts.certification in SANS_ACCUSE:
        return Transmission(etat="parti", libelle="Parti, aucun accusé attendu", action="", echecs=echecs)
    return Transmission(
        etat="accuse_attendu",
        libelle="Parti, accusé attendu",
        action="Attendre l'accusé de la caisse.",
        echeances=(accuse_attendu(parti_le, facts.calendrier),),
        echecs=echecs,
    )


def _failed(
    facts: LotFacts, left: list[FactureFacts], failed_on: date, echecs: int, nommees: tuple[int, ...]
) -> Transmission:
    refused = [one for one in facts.accuses if one.sens == "N"]
    motif: Motif = "accuse_negatif" if any(one.recu_le == failed_on for one in refused) else "sans_accuse"
    asked, broken = _asks_for_a_new_lot(facts, nommees), _is_broken(facts)
    pending = any(one.parti_le is None for one in facts.fichiers)
    if len(nommees) == len(left):
        return _to_redo(nommees, echecs)
    if max(echecs, facts.renvois + 1) >= ECHECS_MAX and not asked and not pending:
        return Transmission(
            etat="duplicata",
            libelle="Échec de la réémission : duplicata à éditer",
            action=edit(_numeros(left)),
            motif=motif,
            a_editer=_numeros(left),
            echecs=echecs,
        )
    return Transmission(
        etat="refuse" if motif == "accuse_negatif" else "sans_accuse",
        libelle="Refusé à la réception" if motif == "accuse_negatif" else "Accusé de réception manquant",
        action=make_again(relot=asked or broken, nommees=nommees, broken=broken),
        echeances=(a_renvoyer(failed_on, facts.calendrier),),
        suite="relot" if asked or broken else "renvoi",
        motif=motif,
        nommees=nommees,
        echecs=echecs,
    )


def _to_redo(numeros: tuple[int, ...], echecs: int = 0) -> Transmission:
    return Transmission(
        etat="a_refaire",
        libelle="Facture en cause à refaire",
        action="Corriger la facture, puis la refaire sous un nouveau numéro.",
        nommees=numeros,
        echecs=echecs,
    )
