"""Records acts and computes the blocks they touch; what that changes for each part is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fse.app.operations.actes.acte import Acte, tell
from fse.app.operations.states import Block, answer, ask_blocks, refresh_blocks
from fse.domain.reconciliation.life_cycle import PART
from fse.infra.journal import Transaction
from fse.infra.journal.facts.actes import ActeRow, insert_acte
from fse.infra.journal.transaction import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Changement:
    """What acts change of one part: states with their French labels, amounts paid in centimes.

    `rejet_lu`: the last answer is a reject, and the part is from now on said to be paid all the same; `force_caduc`:
    the act whose forced state ends because the acts make a further answer, else `None`.
    """

    prestataire: str
    numero: int
    partie: str
    avant: str
    apres: str
    libelle_avant: str
    libelle_apres: str
    paye_avant: int
    paye_apres: int
    rejet_lu: bool
    force_caduc: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActesPoses:
    """Acts just done, and what they change."""

    actes: tuple[Acte, ...]
    changements: tuple[Changement, ...]


def record(transaction: Transaction, rows: Sequence[ActeRow], blocks: Iterable[Block]) -> ActesPoses:
    """Write these acts with their events, and compute these blocks. Raises what `insert_acte` raises."""
    touched = sorted(set(blocks))
    ask_blocks(transaction, touched)
    before = _parts(transaction)
    for row in rows:
        insert_acte(transaction, row)
    refresh_blocks(transaction, touched)
    after = _parts(transaction)
    annulled = {row.vise for row in rows}
    return ActesPoses(actes=tuple(tell(transaction, rows)), changements=tuple(_changes(before, after, annulled)))


_Parts = Mapping[tuple[str, int, str], dict[str, Any]]


def _parts(reading: Reading) -> _Parts:
    """Each part of the asked blocks."""
    return {(row["prestataire"], row["numero"], row["partie"]): row for row in answer(reading, "parts_du_bloc")}


def _changes(before: _Parts, after: _Parts, annulled: set[int | None]) -> Iterator[Changement]:
    for (prestataire, numero, partie), now in after.items():
        then = before[prestataire, numero, partie]
        if (then["etat"], then["paye"], then["acte"]) == (now["etat"], now["paye"], now["acte"]):
            continue
        lapsed = then["acte"] and not now["acte"] and then["acte"] not in annulled
        yield Changement(
            prestataire=prestataire,
            numero=numero,
            partie=partie,
            avant=then["etat"],
            apres=now["etat"],
            libelle_avant=PART[then["etat"]].libelle,
            libelle_apres=PART[now["etat"]].libelle,
            paye_avant=then["paye"],
            paye_apres=now["paye"],
            rejet_lu=then["acte"] != now["acte"] and (now["etat"], now["dernier"]) == ("payee", "R"),
            force_caduc=then["acte"] if lapsed else None,
        )
