"""Answers: judged invoices and a scenario to NOEMIE returns, one a payer. Only third-party parts are answered.

One file a (régime, caisse, centre); in it one transfer a prestataire. Nothing is kept between two runs: the same
lots, scenario and day give the same bytes. Conventions: precisions "Defaults of the NOEMIE fields"; noemie.md 1.3 bis.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fse.app.caisse.facture import FactureJugee, Payeur
from fse.app.caisse.parts import answer_facture, check_wanted, silence_of
from fse.app.caisse.scenario import Scenario
from fse.norm.model import EnteteFichier, FactureRetour, GroupeVirement, RetourNoemie, TypeRetour

_CAISSE = "CP"
_FLUX, _RAPPELS = "01", "04"
"""Kinds of return (entity 081): what was sent, and amounts taken back."""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_IDENTIFIANT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class SansReponse:
    """An invoice of an answered lot that is in no return, and why (French)."""

    prestataire: str
    numero: int
    raison: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reponses:
    """The returns by payer, and the invoices that are in none."""

    retours: tuple[tuple[Payeur, RetourNoemie], ...]
    sans_reponse: tuple[SansReponse, ...]


def answer(
    factures: Sequence[FactureJugee], entete: EnteteFichier, marque: str, scenario: Scenario, le: date
) -> Reponses:
    """The returns to these invoices, dated `le`; the payer of each is the caisse of its insured.

    Raises `UsageError` (`scenario.facture`) when the scenario asks of an invoice what it cannot have.
    """
    answered: dict[Payeur, list[tuple[str, FactureRetour]]] = {}
    left: list[SansReponse] = []
    for facture in factures:
        wanted = scenario.find(facture.prestataire, facture.numero)
        if wanted is not None:
            check_wanted(facture, wanted)
        raison = silence_of(facture, wanted)
        if raison:
            left.append(SansReponse(prestataire=facture.prestataire, numero=facture.numero, raison=raison))
        else:
            rows = answered.setdefault(facture.payeur, [])
            rows.append((facture.prestataire, answer_facture(facture, wanted)))
    retours = tuple((payeur, _retour(payeur, answered[payeur], entete, marque, le)) for payeur in sorted(answered))
    return Reponses(retours=retours, sans_reponse=tuple(left))


def _retour(
    payeur: Payeur, factures: Sequence[tuple[str, FactureRetour]], entete: EnteteFichier, marque: str, le: date
) -> RetourNoemie:
    numero = f"{payeur.regime}{payeur.caisse}{payeur.centre}".zfill(14)
    identifiant = _identifiant(numero, entete, le)
    prestataires = dict.fromkeys(prestataire for prestataire, _ in factures)
    groupes = (
        _groupe(prestataire, [one for name, one in factures if name == prestataire], payeur, identifiant, rank, le)
        for rank, prestataire in enumerate(prestataires, start=1)
    )
    return RetourNoemie(
        type_emetteur=_CAISSE,
        numero_emetteur=numero,
        type_destinataire=entete.type_emetteur,
        numero_destinataire=entete.numero_emetteur,
        identifiant_fichier=identifiant,
        date_creation=le,
        marque=marque,
        groupes=tuple(groupes),
    )


def _groupe(
    prestataire: str, factures: Sequence[FactureRetour], payeur: Payeur, identifiant: str, rank: int, le: date
) -> GroupeVirement:
    """One transfer; with nothing paid in it there is none, so no label, and its 990 is of zero."""
    kinds = [(code, tuple(one for one in factures if _kind(one) == code)) for code in (_FLUX, _RAPPELS)]
    groupe = GroupeVirement(
        beneficiaire_reglement=prestataire,
        date_comptable=le,
        libelle_virement_1=f"CPAM {payeur.caisse}",
        libelle_virement_2=f"VIR {identifiant}-{rank}",
        organisme_payeur=f"CPAM {payeur.caisse}",
        retours=tuple(
            TypeRetour(code_retour=code, lieu_execution=prestataire, factures=found) for code, found in kinds if found
        ),
    )
    if any(_paid(factures)):
        return groupe
    return replace(groupe, libelle_virement_1=None, libelle_virement_2=None)


def _kind(facture: FactureRetour) -> str:
    return _RAPPELS if any(amount < 0 for amount in _paid([facture])) else _FLUX


def _paid(factures: Iterable[FactureRetour]) -> Iterator[int]:
    return (part.montant_rembourse for facture in factures for part in facture.parts)


def _identifiant(payeur: str, entete: EnteteFichier, le: date) -> str:
    """The file id: drawn from who answers, the B2 file answered, and the day, so that it needs no counter.

    Six characters hold 2 billion values; the receiver tells files apart by emitter, recipient and day besides.
    """
    key = f"{payeur} {entete.numero_emetteur} {entete.identifiant_fichier} {entete.date_creation} {le}"
    value = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    digits = []
    for _ in range(_IDENTIFIANT):
        value, digit = divmod(value, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)
