"""Files: the default ones, one a payer and B2 file, and those of the scenario, one a payer too unless it says whose."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fse.app.caisse.answering.faults import write
from fse.app.caisse.answering.plan import Asked
from fse.app.caisse.answering.transfers import Context, transfers
from fse.app.caisse.facture import Payeur
from fse.app.caisse.scenario import FichierVoulu, VirementVoulu
from fse.app.caisse.scenario.values import error, located
from fse.app.caisse.scenario.wanted import Emetteur, day_of
from fse.norm.codec.noemie.building import build
from fse.norm.model import EnteteFichier, GroupeVirement, RetourNoemie

_CAISSE = "CP"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_IDENTIFIANT = 6
_EVERYTHING = VirementVoulu()


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierRetour:
    """One NOEMIE file to write. `retour` is what it says, but for faults that were asked for.

    `nom`: `<payeur>-<identifiant>.noe`, the payer being `<régime><caisse><centre>`.
    """

    nom: str
    contenu: bytes
    retour: RetourNoemie


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is answered: the sender of the B2 files, the mark of their flow, the prestataires of their lots."""

    entete: EnteteFichier
    marque: str
    prestataires: tuple[str, ...]


def default_files(asked: Sequence[Asked], recipient: Recipient, le: date) -> Iterator[FichierRetour]:
    """One file a payer; in it one transfer a prestataire."""
    by_payer: dict[Payeur, list[Asked]] = {}
    for one in asked:
        assert one.payeur is not None
        by_payer.setdefault(one.payeur, []).append(one)
    for payeur in sorted(by_payer):
        emetteur = caisse_of(payeur)
        identifiant = default_identifiant(emetteur, recipient.entete, le)
        context = Context(emetteur.nom, identifiant, le, le, recipient.prestataires)
        groupes = transfers(_EVERYTHING, [one.answer for one in by_payer[payeur]], context, 1)
        retour = _retour(emetteur, recipient, identifiant, le, None, groupes)
        yield FichierRetour(nom=f"{payeur.numero}-{identifiant}.noe", contenu=build(retour), retour=retour)


def wanted_files(
    voulu: FichierVoulu,
    original: FichierVoulu,
    asked: Mapping[str, Sequence[Asked]],
    payers: Sequence[Payeur],
    recipient: Recipient,
    le: date,
) -> Iterator[FichierRetour]:
    """The files of one `[[fichier]]`, `asked` by transfer. `original` gives the identity: itself, or what it corrects.

    `payers`: those of the lots that are answered. Raises `UsageError` (`scenario.fichier`).
    """
    answers = [one for virement in voulu.virements for one in asked[virement.lieu]]
    jour = day_of(original.jour, le, le)
    for payeur in _payers(voulu, original, answers, payers):
        emetteur = original.emetteur or caisse_of(payeur)
        key = original.nom or f"{original.rang}"
        drawn = draw_identifiant(f"{emetteur.numero_rempli} {recipient.entete.numero_emetteur} {key} {jour}")
        identifiant = original.identifiant or drawn
        context = Context(emetteur.nom, identifiant, jour, le, recipient.prestataires)
        groupes: list[GroupeVirement] = []
        said: list[VirementVoulu] = []
        for virement in voulu.virements:
            here = [one.answer for one in asked[virement.lieu] if one.payeur in (payeur, None) or original.emetteur]
            made = transfers(virement, here, context, len(groupes) + 1)
            groupes += made
            said += [virement] * len(made)
        if groupes:
            with located(voulu.lieu):
                retour = _retour(emetteur, recipient, identifiant, jour, voulu.mandataire, groupes)
            content = write(retour, said, voulu.programme)
            yield FichierRetour(nom=f"{emetteur.numero}-{identifiant}.noe", contenu=content, retour=retour)


def _payers(
    voulu: FichierVoulu, original: FichierVoulu, answers: Sequence[Asked], payers: Sequence[Payeur]
) -> list[Payeur]:
    """Who writes: one file each. What belongs to no caisse in particular needs one to be the only one."""
    found = sorted({one.payeur for one in answers if one.payeur is not None})
    loose = any(one.payeur is None for one in answers) or any(
        one.forfaits or one.mouvements or not (one.reponses or one.reste) for one in voulu.virements
    )
    if original.emetteur is not None:
        return (found or list(payers))[:1]
    if not loose:
        return found
    only = found or list(payers)
    if len(only) != 1:
        raise error("scenario.fichier", "Plusieurs caisses sont possibles : dire « emetteur ».", voulu.lieu)
    return only


def _retour(
    emetteur: Emetteur,
    recipient: Recipient,
    identifiant: str,
    jour: date,
    mandataire: str | None,
    groupes: Sequence[GroupeVirement],
) -> RetourNoemie:
    return RetourNoemie(
        type_emetteur=emetteur.type,
        numero_emetteur=emetteur.numero_rempli,
        type_destinataire=recipient.entete.type_emetteur,
        numero_destinataire=recipient.entete.numero_emetteur,
        identifiant_fichier=identifiant,
        date_creation=jour,
        marque=recipient.marque,
        mandataire=mandataire,
        groupes=tuple(groupes),
    )


def caisse_of(payeur: Payeur) -> Emetteur:
    """The caisse that answers for a payer."""
    return Emetteur(type=_CAISSE, numero=payeur.numero, nom=payeur.nom)


def default_identifiant(emetteur: Emetteur, entete: EnteteFichier, le: date) -> str:
    """The id of the file that answers one B2 file, unless a scenario says another."""
    sent = f"{entete.numero_emetteur} {entete.identifiant_fichier} {entete.date_creation}"
    return draw_identifiant(f"{emetteur.numero_rempli} {sent} {le}")


def draw_identifiant(key: str) -> str:
    """The file id: drawn from who answers, what is answered, and the day, so that it needs no counter.

    Six characters hold 2 billion values; the receiver tells files apart by emitter, recipient and day besides.
    """
    value = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    digits = []
    for _ in range(_IDENTIFIANT):
        value, digit = divmod(value, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)
