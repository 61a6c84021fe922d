"""`repondre_mois`: the payer simulator on the B2 files of a month. Bytes in, bytes out; nothing is read or written.

mois = repondre_mois([Envoi(data, {1: p7s_du_lot_1})], read_scenario(toml), date(2025, 3, 20), [ancre_pem])
for fichier in mois.arrivees():
    ...  # fichier.arrivee, fichier.nom, fichier.contenu, in the order in which the practice gets them
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fse.app.caisse.acknowledging.decision import CleLot, arrived, decide, withdraw
from fse.app.caisse.answering.files import FichierRetour, Recipient, default_files, wanted_files
from fse.app.caisse.answering.plan import Plan, SansReponse, share_out
from fse.app.caisse.facture import FactureJugee
from fse.app.caisse.judgement import Jugement, LotRefuse, judge
from fse.app.caisse.reception import Flux, receive
from fse.app.caisse.scenario import FichierVoulu, ReponseVoulue, Scenario
from fse.app.caisse.scenario.values import error
from fse.app.caisse.scenario.wanted import day_of
from fse.base.findings import Finding


@dataclass(frozen=True, slots=True)
class Envoi:
    """A B2 file, and the detached CMS (DER) of its lots by their ordinal in it, from 1; a lot without one is not
    answered.
    """

    data: bytes
    signatures: Mapping[int, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reponse:
    """What the caisse answers to one B2 file, and what it does not.

    `fichiers`: the default ones. `refus`: lots without any answer. `sans_reponse`: invoices of the other lots that are
    in no return, each with its reason. `constats`: doubts about signatures, invoices rejected because of their
    content. `employees`: the answers of the scenario whose invoice is in this file.
    """

    fichiers: tuple[FichierRetour, ...]
    refus: tuple[LotRefuse, ...]
    sans_reponse: tuple[SansReponse, ...]
    constats: tuple[Finding, ...]
    employees: tuple[ReponseVoulue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FichierArrive:
    """A file as it reaches the practice, or does not (`perdu`). `voulu` is `None` for a default file.

    `nom`: of a file of the scenario, `<arrivée>-<rang dans le scénario>-<payeur>-<identifiant>.noe`.
    """

    nom: str
    arrivee: date
    fichier: FichierRetour
    voulu: FichierVoulu | None

    @property
    def contenu(self) -> bytes:
        return self.fichier.contenu

    @property
    def perdu(self) -> bool:
        return self.voulu is not None and self.voulu.perdu


@dataclass(frozen=True, slots=True, kw_only=True)
class Mois:
    """The answer to each B2 file, in their order, and the files of the scenario, in its order, lost ones included."""

    reponses: tuple[Reponse, ...]
    fichiers: tuple[FichierArrive, ...]
    le: date

    def arrivees(self) -> tuple[FichierArrive, ...]:
        """Every file that the practice gets, in the order in which it gets them; default ones first on their day."""
        default = [
            FichierArrive(nom=one.nom, arrivee=self.le, fichier=one, voulu=None)
            for reponse in self.reponses
            for one in reponse.fichiers
        ]
        return tuple(sorted((one for one in (*default, *self.fichiers) if not one.perdu), key=lambda one: one.arrivee))


def repondre_mois(
    envois: Sequence[Envoi],
    scenario: Scenario,
    le: date,
    ancres: Sequence[bytes] = (),
    recus: Collection[CleLot] = (),
    recu_le: date | None = None,
) -> Mois:
    """Judge B2 files and answer them. The same arguments give the same bytes.

    A lot that an ARL refuses (`accuser`) is not answered; `recus` are the lots that the caisse has from before,
    `recu_le` the day on which the files came: a lot of a later date is refused (`None`: each came in its time).

    `ancres`: certificates that the signers must lead to (PEM or DER); none: a lot need only be intact.
    `le`: the day of the default answers and of their transfers; days of the scenario are counted from it.

    Raises `UnreadableError` (`lecture.pas_a_nous`, `caisse.pas_un_b2`); `UsageError` (`caisse.flux_reel`,
    `caisse.marques_melees`, `caisse.plusieurs_fichiers`, `scenario.facture`, `scenario.fichier`, `scenario.valeur`);
    `SignatureError` (an anchor that cannot be read); `BuildError` when a sum does not fit the return. Nothing is
    answered then.
    """
    received = [receive(envoi.data) for envoi in envois]
    known = set(recus)
    judged = []
    for flux, one in zip(received, envois, strict=True):
        jugement = judge(flux, one.signatures, ancres)
        decided = decide(flux, jugement, scenario, recu_le or date.max, known)
        known.update(arrived(decided))
        judged.append(withdraw(jugement, decided))
    factures = [_factures(jugement) for jugement in judged]
    plan = share_out(factures, scenario)
    return Mois(
        reponses=tuple(
            _reponse(flux, jugement, plan, rank, scenario, le)
            for rank, (flux, jugement) in enumerate(zip(received, judged, strict=True))
        ),
        fichiers=tuple(_files(scenario, plan, received, factures, le)),
        le=le,
    )


def factures_jugees(envois: Sequence[Envoi], ancres: Sequence[bytes] = ()) -> list[FactureJugee]:
    """The invoices of the lots that are answered: what a month can be drawn from. Raises as `repondre_mois`."""
    judged = (judge(receive(envoi.data), envoi.signatures, ancres) for envoi in envois)
    return [facture for jugement in judged for facture in _factures(jugement)]


def _factures(jugement: Jugement) -> list[FactureJugee]:
    return [facture for lot in jugement.lots for facture in lot.factures]


def _reponse(flux: Flux, jugement: Jugement, plan: Plan, rank: int, scenario: Scenario, le: date) -> Reponse:
    recipient = _recipient(flux, _factures(jugement))
    doubts = tuple(one for lot in jugement.lots for one in lot.constats)
    return Reponse(
        fichiers=tuple(default_files(plan.defauts[rank], recipient, le)) if recipient else (),
        refus=jugement.refuses,
        sans_reponse=tuple(plan.sans_reponse[rank]),
        constats=(*doubts, *jugement.constats),
        employees=tuple(_employees(flux, scenario)),
    )


def _recipient(flux: Flux, factures: Sequence[FactureJugee]) -> Recipient | None:
    if flux.entete is None:
        return None
    return Recipient(flux.entete, flux.marque, tuple(dict.fromkeys(one.prestataire for one in factures)))


def _files(
    scenario: Scenario, plan: Plan, received: Sequence[Flux], factures: Sequence[Sequence[FactureJugee]], le: date
) -> Iterator[FichierArrive]:
    everything = [facture for envoi in factures for facture in envoi]
    payers = sorted({one.payeur for one in everything})
    recipient = next((found for flux in received if (found := _recipient(flux, everything)) is not None), None)
    if recipient is None or not scenario.fichiers:
        return
    _check_one_sender(received, scenario.fichiers[0])
    made: dict[str, tuple[FichierVoulu, tuple[FichierRetour, ...]]] = {}
    for voulu in scenario.fichiers:
        original = voulu if voulu.corrige is None else made[voulu.corrige][0]
        if voulu.repete is not None:
            original, files = made[voulu.repete]
        else:
            files = tuple(wanted_files(voulu, original, plan.virements, payers, recipient, le))
        if voulu.nom is not None:
            made[voulu.nom] = original, files
        arrivee = day_of(voulu.arrivee, le, day_of(original.jour, le, le))
        for one in files:
            yield FichierArrive(nom=f"{arrivee}-{voulu.rang:03d}-{one.nom}", arrivee=arrivee, fichier=one, voulu=voulu)


def _check_one_sender(received: Sequence[Flux], fichier: FichierVoulu) -> None:
    senders = {
        (flux.entete.type_emetteur, flux.entete.numero_emetteur, flux.marque) for flux in received if flux.entete
    }
    if len(senders) > 1:
        reason = "Un [[fichier]] demande que tous les fichiers B2 aient le même émetteur et la même marque."
        raise error("scenario.fichier", reason, fichier.lieu)


def _employees(flux: Flux, scenario: Scenario) -> Iterator[ReponseVoulue]:
    """The answers of the scenario whose invoice is in the file, answered or not: the others are mistyped."""
    for run in (run for lot in flux.lots for run in lot.runs):
        values = run.rows[0].valeurs
        prestataire, numero = values.get("prestataire"), values.get("numero_facture")
        if isinstance(prestataire, str) and isinstance(numero, int):
            wanted = scenario.find(prestataire, numero)
            if wanted is not None:
                yield wanted
            yield from (one for one in scenario.in_files() if one.chooses(prestataire, numero))
