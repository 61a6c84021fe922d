"""`repondre`: the whole of the payer simulator on one B2 file. Bytes in, bytes out; nothing is read or written here.

reponse = repondre(data, {1: p7s_du_lot_1}, read_scenario(toml), date(2025, 3, 20), [ancre_pem])
for fichier in reponse.fichiers:
    ...  # fichier.nom, fichier.contenu
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fse.app.caisse.answer import Reponses, SansReponse, answer
from fse.app.caisse.facture import Payeur
from fse.app.caisse.judgement import LotRefuse, judge
from fse.app.caisse.reception import Flux, receive
from fse.app.caisse.scenario import ReponseVoulue, Scenario
from fse.base.findings import Finding
from fse.norm.codec.noemie.building import build
from fse.norm.model import RetourNoemie

_NOTHING = Reponses(retours=(), sans_reponse=())


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierRetour:
    """One NOEMIE file to write. `nom` is `<régime><caisse><centre>-<identifiant>.noe`; `retour` is what it says."""

    nom: str
    contenu: bytes
    retour: RetourNoemie


@dataclass(frozen=True, slots=True, kw_only=True)
class Reponse:
    """What the caisse answers to one B2 file, and what it does not.

    `refus`: lots without any answer. `sans_reponse`: invoices of the other lots that are in no return, each with its
    reason. `constats`: doubts about signatures, invoices rejected because of their content. `employees`: the answers
    of the scenario whose invoice is in this file.
    """

    fichiers: tuple[FichierRetour, ...]
    refus: tuple[LotRefuse, ...]
    sans_reponse: tuple[SansReponse, ...]
    constats: tuple[Finding, ...]
    employees: tuple[ReponseVoulue, ...]


def repondre(
    data: bytes, signatures: Mapping[int, bytes], scenario: Scenario, le: date, ancres: Sequence[bytes] = ()
) -> Reponse:
    """Judge a B2 file and answer it. The same arguments give the same bytes.

    `signatures`: detached CMS (DER) by ordinal of the lot in the file, from 1; a lot without one is not answered.
    `ancres`: certificates that the signers must lead to (PEM or DER); none: a lot need only be intact.
    `le`: the day of the answer and of its transfers.

    Raises `UnreadableError` (`lecture.pas_a_nous`, `caisse.pas_un_b2`); `UsageError` (`caisse.flux_reel`,
    `caisse.marques_melees`, `caisse.plusieurs_fichiers`, `scenario.facture`); `SignatureError` (an anchor that cannot
    be read); `BuildError` when a sum does not fit the return. Nothing is answered then.
    """
    flux = receive(data)
    jugement = judge(flux, signatures, ancres)
    factures = [facture for lot in jugement.lots for facture in lot.factures]
    reponses = answer(factures, flux.entete, flux.marque, scenario, le) if flux.entete else _NOTHING
    doubts = tuple(one for lot in jugement.lots for one in lot.constats)
    return Reponse(
        fichiers=tuple(
            FichierRetour(nom=_nom(payeur, retour), contenu=build(retour), retour=retour)
            for payeur, retour in reponses.retours
        ),
        refus=jugement.refuses,
        sans_reponse=reponses.sans_reponse,
        constats=(*doubts, *jugement.constats),
        employees=tuple(_employees(flux, scenario)),
    )


def _nom(payeur: Payeur, retour: RetourNoemie) -> str:
    return f"{payeur.regime}{payeur.caisse}{payeur.centre}-{retour.identifiant_fichier}.noe"


def _employees(flux: Flux, scenario: Scenario) -> Iterator[ReponseVoulue]:
    """The answers of the scenario whose invoice is in the file, answered or not: the others are mistyped."""
    for run in (run for lot in flux.lots for run in lot.runs):
        values = run.rows[0].valeurs
        prestataire, numero = values.get("prestataire"), values.get("numero_facture")
        if isinstance(prestataire, str) and isinstance(numero, int):
            wanted = scenario.find(prestataire, numero)
            if wanted is not None:
                yield wanted
