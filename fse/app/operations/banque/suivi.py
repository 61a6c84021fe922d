"""Where the announced money stands on the accounts: each transfer with its proof or what misses; what is unknown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fse.app.operations.banque.preuves import POLITIQUES
from fse.app.operations.cabinet import Cabinet
from fse.app.operations.states import answer
from fse.app.operations.worklist.taches import Tache, line_name
from fse.base.dates import from_days, to_days
from fse.base.identifiers import compte as account
from fse.domain.bank.suite import Periode, holes, last_balance
from fse.domain.reconciliation import statements
from fse.domain.reconciliation.life_cycle import TASKS
from fse.domain.reconciliation.policies import MOVEMENT_RESIDUES, TRANSFER_RESIDUES
from fse.domain.reconciliation.relations import RELATIONS
from fse.infra.engines import of
from fse.infra.journal.facts import releves
from fse.infra.journal.transaction import Reading
from fse.norm.model.releve import Solde

_TRANSFERS = {one.nom: one for one in TRANSFER_RESIDUES}
_MOVEMENTS = {one.nom: one for one in MOVEMENT_RESIDUES}

_PARTIAL = "virement_partiel"

Place = tuple[str, int]
"""File and rank of a transfer, or of a movement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneBancaire:
    """A movement of an account, as `fse rattacher` takes it; centimes."""

    ligne: str
    jour: date
    montant: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreuveVirement:
    """A transfer on the account. `nature` "" when it is proved: by `politique`, on the day `prouve_le`, by `mouvements`
    movements; else why it is not (`policies.TRANSFER_RESIDUES`).

    `recu` (centimes): what proves it, or what a person attached that is not its amount.
    `libelle` and `action` are French, `action` "" when nothing is to be done. `suggestions`: movements of its amount
    that nothing else links with it; none is ever booked.
    """

    nature: str
    libelle: str
    action: str
    politique: str
    prouve_le: date | None
    mouvements: int
    recu: int
    suggestions: tuple[LigneBancaire, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MouvementInexplique:
    """A movement of a payer that no return explains (`policies.MOVEMENT_RESIDUES`); centimes.

    `place`: its statement (digest) and rank; `compte`: the name of the account.
    """

    place: Place
    ligne: str
    compte: str
    jour: date
    montant: int
    payeur: str
    nature: str
    libelle: str
    action: str
    age: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompteSuivi:
    """An account of the practice: what its statements cover, `None` when there is none; the last balance, centimes."""

    nom: str
    compte: str
    du: date | None
    au: date | None
    solde: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleveManquant:
    """Statements are missing between two days of an account; what it held on each, centimes."""

    compte: str
    apres: date
    solde: int
    avant: date
    ouverture: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Banque:
    """The accounts on a day. `prouve`: what of the announced transfers is on the account; `attendu`: what can still
    come or that the statements do not reach; `manque`: what should be there and is not. Centimes.
    """

    comptes: tuple[CompteSuivi, ...]
    manquants: tuple[ReleveManquant, ...]
    prouve: int
    attendu: int
    manque: int
    inexpliques: tuple[MouvementInexplique, ...]


def ask_bank(reading: Reading, cabinet: Cabinet, today: date) -> None:
    """Say what day it is, and after how many days a transfer that is not there is late."""
    of(reading.connection).ask(RELATIONS["parametre_banque"], [(to_days(today), cabinet.delai_virement)])


def read_proofs(reading: Reading) -> dict[Place, PreuveVirement]:
    """The transfers of the asked files on the accounts; the cabinet is asked too, and `ask_bank` was called."""
    suggested: dict[Place, list[LigneBancaire]] = {}
    for row in answer(reading, "suggestions_banque"):
        suggested.setdefault((row["fichier_virement"], row["rang_virement"]), []).append(
            LigneBancaire(
                ligne=line_name(row["fichier"], row["rang"]), jour=from_days(row["jour"]), montant=row["montant"]
            )
        )
    return {
        (row["fichier"], row["rang"]): _proof(row, suggested.get((row["fichier"], row["rang"]), ()))
        for row in answer(reading, "virements_banque")
    }


def read_bank(
    reading: Reading, cabinet: Cabinet, amounts: Iterable[tuple[int | None, PreuveVirement]]
) -> Banque | None:
    """The accounts of a practice, `None` when it declares none. `amounts`: each transfer with its proof."""
    if not cabinet.comptes:
        return None
    rows = releves.statements_of(reading)
    names = {one.numero: one.nom for one in cabinet.comptes}
    told = [(montant or 0, preuve.recu, preuve.nature) for montant, preuve in amounts]
    periods = [_period(row) for row in rows]
    return Banque(
        comptes=tuple(_account(one.nom, one.numero, rows) for one in cabinet.comptes),
        manquants=tuple(
            ReleveManquant(
                compte=names.get(one.compte, account.masked(one.compte)),
                apres=one.avant.jour,
                solde=one.avant.montant,
                avant=one.apres.jour,
                ouverture=one.apres.montant,
            )
            for one in holes(periods)
        ),
        prouve=sum(recu if nature else montant for montant, recu, nature in told if not nature or nature == _PARTIAL),
        attendu=sum(montant for montant, _, nature in told if nature in ("attendu", "releve_attendu")),
        manque=sum(
            montant - (recu if nature == _PARTIAL else 0)
            for montant, recu, nature in told
            if nature.startswith("virement_")
        ),
        inexpliques=tuple(_unexplained(reading, names)),
    )


def bank_tasks(
    virements: Iterable[tuple[dict[str, Any], PreuveVirement]],
    banque: Banque,
    put_away: Collection[Place],
    today: date,
    delai: int,
) -> Iterator[Tache]:
    """What the bank asks for: transfers that are not there, movements that nothing explains for longer than the delay.

    `virements`: rows of `controle_virement` with their proof; `put_away`: what was seen by hand.
    """
    for row, preuve in virements:
        place = (row["fichier"], row["rang"])
        if preuve.nature.startswith("virement_") and place not in put_away:
            yield _task(
                preuve.nature,
                line_name(*place),
                from_days(row["date_comptable"]),
                today,
                row["montant"] - (preuve.recu if preuve.nature == _PARTIAL else 0),
                row["beneficiaire"],
                row["payeur"] or "",
            )
    for one in banque.inexpliques:
        if one.age > delai and one.place not in put_away:
            yield _task(one.nature, one.ligne, one.jour, today, one.montant, "", one.payeur)


def _task(nature: str, ligne: str, since: date, today: date, montant: int, prestataire: str, organisme: str) -> Tache:
    task = TASKS[nature]
    return Tache(
        nature=nature,
        libelle=task.libelle,
        prestataire=prestataire,
        numero=0,
        partie="",
        organisme=organisme,
        montant=montant,
        montant_libelle=task.montant,
        depuis=since,
        age=(today - since).days,
        age_envoi=None,
        forclusion=None,
        ligne=ligne,
        reference="",
        action=task.action,
        motifs=(),
        garantie=None,
        suggestions=(),
    )


def _proof(row: dict[str, Any], suggestions: Sequence[LigneBancaire]) -> PreuveVirement:
    residue = _TRANSFERS.get(row["nature"])
    return PreuveVirement(
        nature=row["nature"],
        libelle=residue.libelle if residue else POLITIQUES[row["politique"]],
        action=residue.action if residue else "",
        politique=row["politique"],
        prouve_le=None if row["prouve_le"] is None else from_days(row["prouve_le"]),
        mouvements=row["mouvements"],
        recu=row["recu"],
        suggestions=tuple(suggestions) if residue else (),
    )


def _unexplained(reading: Reading, names: dict[str, str]) -> Iterator[MouvementInexplique]:
    query = statements.query("mouvements_banque")
    columns = ", ".join(f"q.{name}" for name in query.relation.names)
    sql = (
        f"SELECT {columns} FROM ({query.sql}) AS q WHERE q.nature <> '' AND q.nature <> 'autre' "
        "ORDER BY q.jour, q.fichier, q.rang"
    )
    for row in of(reading.connection).rows(sql):
        residue = _MOVEMENTS[row["nature"]]
        yield MouvementInexplique(
            place=(row["fichier"], row["rang"]),
            ligne=line_name(row["fichier"], row["rang"]),
            compte=names.get(row["compte"], account.masked(row["compte"])),
            jour=from_days(row["jour"]),
            montant=row["montant"],
            payeur=row["payeur"],
            nature=row["nature"],
            libelle=residue.libelle,
            action=residue.action,
            age=row["age"],
        )


def _account(nom: str, numero: str, rows: Iterable[releves.ReleveRow]) -> CompteSuivi:
    own = [row for row in rows if row.compte == numero]
    last = last_balance(map(_period, own))
    return CompteSuivi(
        nom=nom,
        compte=account.masked(numero),
        du=from_days(min(row.debut for row in own)) if own else None,
        au=last.jour if last else None,
        solde=last.montant if last else 0,
    )


def _period(row: releves.ReleveRow) -> Periode:
    return Periode(
        compte=row.compte,
        debut=Solde(from_days(row.ouverture_le), row.ouverture),
        fin=Solde(from_days(row.cloture_le), row.cloture),
        mouvements=row.mouvements,
    )
