"""Facts of the bank in a world: accounts, statements, movements with what their labels cite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from tests.domain.reconciliation.world.database import World
from tests.domain.reconciliation.world.values import CABINET, DAY, DOC, NURSE

COMPTE = "999990000100000000001"
OTHER_COMPTE = "999990000100000000002"
PAYER, REFERENCE = "CPAM 998", "VIR F1 1"


@dataclass(frozen=True)
class Cited:
    """A transfer that a movement cites: by its payer's label, by its reference, by both."""

    fichier: str
    rang: int
    reference: str = REFERENCE
    payeur: bool = True


@dataclass(frozen=True)
class Moved:
    """A movement of an account: centimes, days after DAY."""

    montant: int
    jour: int = 1
    cites: tuple[Cited, ...] = ()
    compte: str = COMPTE


def _put(world: World, relation: str, row: tuple[str | int, ...]) -> None:
    world.db.execute(f"INSERT OR REPLACE INTO {relation} VALUES ({', '.join('?' * len(row))})", row)


def account(world: World, prestataire: str = DOC, compte: str = COMPTE) -> None:
    """This prestataire is paid on this account."""
    _put(world, "compte_prestataire", (CABINET, prestataire, compte))


def statement(world: World, fichier: str, moved: Iterable[Moved], first: int = -10, last: int = 60) -> None:
    """A statement of these movements, from `first` to `last` days after DAY; nothing is computed. Ranks start at 2."""
    rows = list(moved)
    for compte in {COMPTE, *(one.compte for one in rows)}:
        name = fichier if compte == COMPTE else f"{fichier}-{compte[-1]}"
        _put(world, "releve_bancaire", (CABINET, name, compte, DAY + first, DAY + last))
    for rang, one in zip(count(2), rows, strict=False):
        _put(world, "mouvement_bancaire", (CABINET, fichier, rang, one.compte, DAY + one.jour, one.montant))
        for cited in one.cites:
            pair = (CABINET, fichier, rang, cited.fichier, cited.rang, int(cited.payeur), cited.reference)
            _put(world, "citation_bancaire", pair)
            if cited.payeur:
                _put(world, "payeur_cite", (CABINET, fichier, rang, PAYER))


def book(world: World, *fichiers: str) -> None:
    """Compute what these statements or returns touch."""
    world.ask("fichier_touche", *((CABINET, one) for one in fichiers))
    world.ask_from("bloc_bancaire", "blocs_bancaires_touches")
    world.compute_proved()


def confirm(world: World, line: tuple[str, int], transfer: tuple[str, int], acte: int) -> None:
    """A person says that this movement is this transfer."""
    _put(world, "preuve_manuelle", (CABINET, *line, *transfer, acte))


def one_movement(world: World) -> None:
    """One row of each relation of the bank."""
    account(world)
    [(fichier, rang, montant), *_] = world.db.execute(
        "SELECT fichier, rang, montant FROM virement WHERE cabinet = ? AND beneficiaire = ? AND montant <> 0 "
        "ORDER BY fichier, rang",
        (CABINET, DOC),
    ).fetchall()
    others = world.db.execute(
        "SELECT montant FROM virement WHERE cabinet = ? AND beneficiaire = ? AND montant <> 0 AND fichier <> ?",
        (CABINET, DOC, fichier),
    ).fetchall()
    statement(
        world,
        "releve",
        [
            Moved(montant, cites=(Cited(fichier, rang),)),
            Moved(5, cites=(Cited(fichier, rang),)),
            *(Moved(amount) for (amount,) in others[:1]),
        ],
    )
    confirm(world, ("releve", 3), (fichier, rang), 1)
    world.db.execute("DELETE FROM preuve_manuelle")
    book(world, "releve")
    confirm(world, ("releve", 99), ("aucun", 1), 1)


def every_proof(world: World) -> None:
    """Accounts, and movements of every policy and of every residue, over the transfers that there are."""
    account(world)
    account(world, NURSE, OTHER_COMPTE)
    places = world.db.execute(
        "SELECT fichier, rang, montant FROM virement WHERE cabinet = ? AND beneficiaire = ? AND montant <> 0 "
        "ORDER BY fichier, rang",
        (CABINET, DOC),
    ).fetchall()
    first, second, third, fourth, fifth, *_ = [(fichier, rang) for fichier, rang, _ in places]
    amounts = [montant for *_, montant in places]
    pair = (Cited(*third, "VIR ENSEMBLE"), Cited(*fourth, "VIR ENSEMBLE"))
    statement(
        world,
        "releve",
        [
            Moved(amounts[0], 5, (Cited(*first, "VIR UN"),)),
            Moved(100, 5, (Cited(*second, "VIR DEUX"),)),
            Moved(amounts[1] - 100, 6, (Cited(*second, "VIR DEUX"),)),
            Moved(amounts[2] + amounts[3], 7, pair),
            Moved(-4, 7, (Cited(*fifth, ""),)),
            Moved(12_345, 7, (Cited(*fifth, ""),)),
            Moved(2_650, 8),
            *(Moved(amount, 8) for amount in amounts[5:6]),
        ],
    )
    statement(
        world,
        "suite",
        [Moved(amounts[4], 8, (Cited(*fifth, "VIR CINQ"),)), Moved(amounts[4], 9, (Cited(*fifth, "VIR CINQ"),))],
    )
    statement(world, "autre", [Moved(1, 9, compte=OTHER_COMPTE), Moved(2_500, 9)])
    confirm(world, ("autre", 3), (places[-1][0], places[-1][1]), 90)
