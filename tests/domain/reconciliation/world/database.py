"""The relations of matching in an in-memory SQLite database, kept true as the journal does it.

Nothing here computes a match or a state. `facts` is the same world as plain values, for the reference.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any

from fse.domain.reconciliation import relations, statements
from fse.domain.reconciliation.schema import ASKED_BY
from tests.domain.reconciliation.world.entities import EntityRow, Laid, lay
from tests.domain.reconciliation.world.facts import Facts
from tests.domain.reconciliation.world.tables import TABLES, empty
from tests.domain.reconciliation.world.values import (
    CABINET,
    DAY,
    DOC,
    OTHER_CABINET,
    Act,
    Annulment,
    Attach,
    Block,
    Entry,
    Explain,
    Facture,
    File,
    Mandate,
    Range,
    Row,
    Step,
    Takeover,
)

RECEIVED, DERIVED, PROVED = statements.received(), statements.derived(), statements.proved()
QUERIES = {relation.name: statements.query(relation.name).sql for relation in relations.RESULTS}


class World:
    """One database, and what was put into it."""

    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:", cached_statements=512)
        self.db.deserialize(empty())
        self.facts = Facts()
        self.ask("perimetre", (CABINET,), (OTHER_CABINET,))
        self.today(DAY + 5)

    def close(self) -> None:
        self.db.close()

    def clear(self) -> None:
        """Forget everything."""
        for name in TABLES:
            self.db.execute(f"DELETE FROM {name}")
        self.facts = Facts()
        self._replace("prestataire", *((*who, *reserved) for who, reserved in self.facts.ranges.items()))

    def hold(self, steps: Iterable[Step]) -> None:
        """Hold these facts and nothing else, everything computed in one go."""
        self.clear()
        self.put(*steps)
        self.rebuild()

    # --- facts change, nothing is computed

    def put(self, *steps: Step) -> None:
        """Facts change; nothing is computed."""
        for step in steps:
            known = isinstance(step, File) and (step.cabinet, step.fichier) in self.facts.files
            self.facts.add(step)
            match step:
                case Facture():
                    self._write_facture(step)
                case File():
                    if not known:
                        self.store_rows(lay(step).rows)
                        self._write_insured(lay(step))
                case Mandate():
                    self._replace("mandat", (step.cabinet, step.beneficiaire, step.prestataire))
                case Takeover():
                    self._replace("reprise", (step.cabinet, step.prestataire, step.dernier_numero, DAY))
                case Range():
                    self._replace("prestataire", (step.cabinet, step.prestataire, step.premier, step.dernier))
                case Annulment():
                    for name in ("rattachement", "etat_force", "paiement_saisi", "creance_rattachee"):
                        self.db.execute(f"DELETE FROM {name} WHERE cabinet = ? AND acte = ?", (step.cabinet, step.acte))
                case _:
                    self._write_act(step)

    def store_rows(self, rows: Iterable[EntityRow]) -> None:
        """Entity rows as they are."""
        for type, place, values in rows:
            names = ", ".join(("cabinet", "fichier", "rang", "rang_parent", "octet", *values))
            marks = ", ".join("?" * (len(place) + len(values)))
            self.db.execute(f"INSERT INTO noemie_{type} ({names}) VALUES ({marks})", (*place, *values.values()))

    # --- facts change, and what they touch is computed

    def take(self, *steps: Step) -> None:
        """What the journal does in one transaction: the facts, then the blocks that they touch."""
        self.put(*steps)
        if any(isinstance(step, Mandate | Takeover | Range) for step in steps):
            self.rebuild()
            return
        files = [step for step in steps if isinstance(step, File)]
        self.touch(*files)
        self.compute_received()
        blocks = {tuple(row.values()) for row in self.answer("blocs_touches")}
        self.ask("bloc", *blocks, *(block for step in steps for block in self.touched(step)))
        self.compute_derived()
        self.ask_from("bloc_bancaire", "blocs_bancaires_touches")
        self.compute_proved()

    book = change = act = take

    def touched(self, step: Step) -> Iterable[Block]:
        """The blocks of a chain of corrections; of what an act names; of the line that it attached."""
        match step:
            case Facture():
                return {(step.cabinet, one.numero, "") for one in self.facts.chain(step)}
            case Annulment():
                act = self.facts.posed.get((step.cabinet, step.acte))
                return self.touched(act) if act else ()
            case Attach():
                where = (step.cabinet, step.fichier, step.rang)
                query = (
                    "SELECT cabinet, numero, hors_numero FROM ligne_retour WHERE (cabinet, fichier, rang) = (?, ?, ?)"
                )
                return {*self.db.execute(query, where).fetchall(), (step.cabinet, step.numero, "")}
            case File() | Explain() | Mandate() | Takeover() | Range():
                return ()
            case _:
                return {(step.cabinet, step.numero, "")}

    def rebuild(self) -> None:
        """Forget every stored row, and compute everything again."""
        for relation in relations.STORED:
            self.db.execute(f"DELETE FROM {relation.name}")
        self.touch_all()
        self.compute_received()
        self.ask_from("bloc", "blocs_tous")
        self.compute_derived()
        self.ask_from("bloc_bancaire", "blocs_bancaires_tous")
        self.compute_proved()

    def compute_received(self) -> None:
        self._compute(RECEIVED)

    def compute_derived(self) -> None:
        self._compute(DERIVED)

    def compute_proved(self) -> None:
        self._compute(PROVED)

    # --- what is asked

    def today(self, day: int, delai: int = 10) -> None:
        self.ask("parametre", (day, delai))
        self.ask("parametre_banque", (day, delai))

    def touch(self, *files: File) -> None:
        self.ask("fichier_touche", *((file.cabinet, file.fichier) for file in files))

    def touch_all(self) -> None:
        self.ask_from("fichier_touche", "fichiers_tous")

    def ask(self, name: str, *rows: Row) -> None:
        """Make an asked relation hold these rows, each once."""
        self.db.execute(f"DELETE FROM {name}")
        self._replace(name, *rows)

    def ask_from(self, name: str, query: str) -> None:
        """The same, rows given by a query."""
        self.db.execute(f"DELETE FROM {name}")
        self.db.execute(f"INSERT INTO {name} {QUERIES[query]}")

    # --- what is known

    def rows(self, relation: str, columns: str = "*") -> list[Row]:
        """Rows of a stored relation, sorted."""
        return sorted(self.db.execute(f"SELECT {columns} FROM {relation}").fetchall(), key=repr)

    def sum(self, relation: str, amount: str) -> int:
        """Sum of an amount over a relation."""
        [(total,)] = self.db.execute(f"SELECT COALESCE(SUM({amount}), 0) FROM {relation}")
        return int(total)

    def answer(self, name: str) -> list[dict[str, Any]]:
        """Rows of a query, in its order, by column."""
        cursor = self.db.execute(QUERIES[name])
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor]

    def asked(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        """Some columns of the rows of a query, in its order, whatever the files: all of them are asked."""
        self.touch_all()
        return [tuple(row[column] for column in columns) for row in self.answer(name)]

    def states(self, numero: int, prestataire: str = DOC, cabinet: str = CABINET) -> tuple[str, str, str]:
        """State of the invoice, of its AMO part, of its AMC part."""
        where = "WHERE cabinet = ? AND prestataire = ? AND numero = ?"
        key = (cabinet, prestataire, numero)
        parts = dict(self.db.execute(f"SELECT partie, etat FROM etat_part {where}", key).fetchall())
        [(facture,)] = self.db.execute(f"SELECT etat FROM etat_facture {where}", key).fetchall()
        return facture, parts["AMO"], parts["AMC"]

    def worklist(self, *names: str) -> list[tuple[Any, ...]]:
        """Rows of the worklist: (number, part, nature, amount) and these columns."""
        columns = ("numero", "partie", "nature", "montant", *names)
        return [tuple(row[name] for name in columns) for row in self.answer("suivi")]

    def stored(self) -> dict[str, list[Row]]:
        """Every stored row."""
        return {relation.name: self.rows(relation.name) for relation in relations.STORED}

    # --- how

    def _compute(self, computations: Iterable[statements.Computation]) -> None:
        """Delete the rows of what is asked, insert those of the SELECT."""
        for computation in computations:
            relation = computation.relation
            asked = relations.RELATIONS[ASKED_BY[relation.role]]
            key = ", ".join(name for name in asked.key if name in relation.names)
            self.db.execute(f"DELETE FROM {relation.name} WHERE ({key}) IN (SELECT {key} FROM {asked.name})")
            self.db.execute(f"INSERT INTO {relation.name} ({', '.join(relation.names)})\n{computation.sql}")

    def _write_facture(self, facture: Facture) -> None:
        """Its row, and those of its chain of corrections: each names the live one that corrects it."""
        if facture.nir:
            self._replace("assure_facture", (*facture.key, facture.nir))
        chain_ = self.facts.chain(facture)
        for one in chain_:
            asked = (one.attend_amo, one.attend_amc, one.amo, one.amc)
            chain = (one.remplacant, self.facts.successor(one), self.facts.root(one), one.en_route, one.accuse)
            days = (DAY - 2, DAY - 2, *one.lot, one.emise_le)
            self._replace("facture_emise", (*one.key, one.mode, *asked, *days, one.annulee, "011", *chain))

    def _write_insured(self, laid: Laid) -> None:
        for (order, number), rang in laid.lignes.items():
            line = laid.file.virements[order].lignes[number]
            if line.nir:
                self._replace("assure_retour", (laid.file.cabinet, laid.file.fichier, rang, line.nir))

    def _write_act(self, act: Act) -> None:
        if (act.cabinet, act.acte) in self.facts.annulled:
            return
        who = (act.cabinet, act.prestataire)
        match act:
            case Attach():
                self._replace(
                    "rattachement", (act.cabinet, act.fichier, act.rang, act.prestataire, act.numero, act.acte)
                )
            case Entry():
                said = (act.partie, act.etat, act.montant, act.jour, "relevé")
                self._replace("paiement_saisi", (*who, act.numero, *said, act.acte))
            case Explain():
                self._replace("creance_rattachee", (*who, "", act.reference, act.numero, act.notifiee_le, act.acte))
            case _:
                self._replace("etat_force", (*who, act.numero, act.partie, act.etat, act.retours, DAY, act.acte))

    def _replace(self, name: str, *rows: Row) -> None:
        for row in rows:
            self.db.execute(f"INSERT OR REPLACE INTO {name} VALUES ({', '.join('?' * len(row))})", row)
