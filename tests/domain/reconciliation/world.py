"""A small world for matching: facts and received files in an in-memory SQLite database, written by hand.

Nothing here computes a match or a state. Entity rows are laid as the reader lays them: ranks from 1, the parent of a
line is its 081, then 071, 040, 000; a 990 closes each 071.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from fse.domain.reconciliation import relations, statements
from fse.domain.reconciliation.schema import Relation
from fse.norm.layout import load_edition

CABINET = "cab"
DOC = "001000017"
NURSE = "002000024"
STRANGER = "003000031"
DAY = 20000  # a day; the others are counted from it
LOT_DAY = DAY - 1

Row = tuple[str | int | None, ...]


@dataclass(frozen=True)
class Part:
    """(state, asked, paid), centimes, signed."""

    etat: str | None
    demande: int | None
    paye: int | None


def paid(demande: int, paye: int | None = None) -> Part:
    return Part("P", demande, demande if paye is None else paye)


def rejected(demande: int) -> Part:
    return Part("R", demande, 0)


def deferred(demande: int) -> Part:
    return Part("D", demande, 0)


@dataclass(frozen=True)
class Line:
    """A 102 with its 198, 199 and 294 (code, level, part, line)."""

    numero: int | None
    amo: Part | None = None
    amc: Part | None = None
    lot: tuple[int | None, int | None] = (1, LOT_DAY)
    rejets: tuple[tuple[str, str, str, int | None], ...] = ()


@dataclass(frozen=True)
class Transfer:
    """A 071 with one 081; `montant` is the sum its 990 states: unless said, what its content makes.

    `forfaits` are the amounts of its 261, `mouvements` the (operation, signed amount) of its 250.
    """

    lignes: tuple[Line, ...]
    jour: int | None = DAY + 3
    montant: int | None = None
    lieu: str | None = None
    payeur: str | None = "CPAM 001"
    controle: bool = True
    forfaits: tuple[int, ...] = ()
    mouvements: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class File:
    """A received file. `beneficiaire` and `destinataire` are raw identifiers."""

    fichier: str
    virements: tuple[Transfer, ...]
    beneficiaire: str | None = DOC
    destinataire: str | None = None
    cabinet: str = CABINET
    cree_le: int | None = DAY + 2


@dataclass(frozen=True)
class Facture:
    """A row of facture_emise; by default both payers are asked, and its lot left on `DAY`."""

    numero: int
    amo: int = 1500
    amc: int = 1000
    prestataire: str = DOC
    cabinet: str = CABINET
    attend_amo: int = 1
    attend_amc: int = 1
    mode: str = "S"
    lot: tuple[int, int] = (1, LOT_DAY)
    emise_le: int = DAY
    annulee: int = 0

    @property
    def bloc(self) -> tuple[str, str, int]:
        return self.cabinet, self.prestataire, self.numero

    @property
    def row(self) -> Row:
        asked = (self.attend_amo, self.attend_amc, self.amo, self.amc)
        return (*self.bloc, self.mode, *asked, DAY - 2, DAY - 2, *self.lot, self.emise_le, self.annulee, "011")


def returned(fichier: str, *lignes: Line, jour: int = DAY + 3) -> File:
    """A file of one transfer."""
    return File(fichier, (Transfer(lignes, jour),))


@dataclass
class _Entities:
    """The entity rows of one file, in order."""

    file: File
    rows: list[tuple[str, Row, dict[str, str | int | None]]] = field(default_factory=list)

    def add(self, type: str, parent: int, **values: str | int | None) -> int:
        rang = len(self.rows) + 1
        place: Row = (self.file.cabinet, self.file.fichier, rang, parent, 100 * rang)
        self.rows.append((type, place, values))
        return rang


def entities(file: File) -> list[tuple[str, Row, dict[str, str | int | None]]]:
    """(type, place, fields) of each entity of a file."""
    out = _Entities(file)
    head = out.add("000", 0, numero_destinataire=file.destinataire, date_creation=file.cree_le)
    payee = out.add("040", head, beneficiaire_reglement=file.beneficiaire)
    for virement in file.virements:
        total = sum(part.paye or 0 for line in virement.lignes for part in (line.amo, line.amc) if part)
        total += sum(virement.forfaits) - sum(amount for operation, amount in virement.mouvements if operation == "RPR")
        date = {"date_comptable": virement.jour, "organisme_payeur": virement.payeur}
        over = out.add("071", payee, **date, libelle_virement_1="VIR", libelle_virement_2=None)
        kind = out.add("081", over, code_retour="01", lieu_execution=virement.lieu)
        for line in virement.lignes:
            _add_line(out, kind, line)
        for amount in virement.forfaits:
            out.add("261", kind, code_paiement="ROSP1", montant=amount)
        for operation, amount in virement.mouvements:
            out.add("250", kind, reference_creance="IND42", operation=operation, montant=amount, solde=0)
        if virement.controle:
            out.add("990", over, somme=total if virement.montant is None else virement.montant)
    out.add("999", head)
    return out.rows


def _add_line(out: _Entities, kind: int, line: Line) -> None:
    lot, date_lot = line.lot
    top = out.add("102", kind, numero_facture=line.numero, numero_lot=lot, date_lot=date_lot, type_facture="F")
    for type, part in (("198", line.amo), ("199", line.amc)):
        if part:
            out.add(type, top, montant_demande=part.demande, etat=part.etat, montant_rembourse=part.paye)
    for order, (code, niveau, partie, ligne) in enumerate(line.rejets, 1):
        reject = {"code_rejet": code, "niveau_rejet": niveau, "partie": partie, "numero_ligne": ligne}
        out.add("294", top, **reject, libelle_rejet="MOTIF", rang_rejet=order)


class World:
    """One database with the relations of matching; the derived ones are tables."""

    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:")
        for relation in (*relations.FACTS, *relations.ASKED, *relations.DERIVED):
            self._create(relation)
        self._create_entities()
        for view in statements.views():
            self.db.execute(f"CREATE VIEW {view.relation.name} AS\n{view.sql}")
        for number, index in enumerate(relations.INDEXES):
            self.db.execute(f"CREATE INDEX i{number} ON {index.relation} ({', '.join(index.expressions)})")
        self._insert("prestataire", (CABINET, DOC), (CABINET, NURSE), ("autre", DOC))
        for known in (DOC, NURSE, STRANGER):
            self._insert("identifiant", (known, known), (known.zfill(14), known))
        self._insert("identifiant", ("ILLISIBLE", ""))
        self.today(DAY + 5)

    def close(self) -> None:
        self.db.close()

    def today(self, day: int, delai: int = 10) -> None:
        self.db.execute("DELETE FROM parametre")
        self._insert("parametre", (day, delai))

    def put(self, *factures: Facture) -> None:
        """Facts about invoices change; nothing is computed."""
        for facture in factures:
            where = "cabinet = ? AND prestataire = ? AND numero = ?"
            self.db.execute(f"DELETE FROM facture_emise WHERE {where}", facture.bloc)
            self._insert("facture_emise", facture.row)

    def store(self, *files: File) -> None:
        """The entity rows of some files; nothing is computed."""
        self.store_rows([row for file in files for row in entities(file)])

    def store_rows(self, rows: Iterable[tuple[str, Row, dict[str, str | int | None]]]) -> None:
        for type, place, values in rows:
            names = ", ".join(("cabinet", "fichier", "rang", "rang_parent", "octet", *values))
            marks = ", ".join("?" * (len(place) + len(values)))
            self.db.execute(f"INSERT INTO noemie_{type} ({names}) VALUES ({marks})", (*place, *values.values()))

    def book(self, *files: File) -> None:
        """What receiving does: rows, then the touched blocks."""
        self.store(*files)
        self.touch(*files)
        self.ask_from("blocs_touches")
        self.refresh()

    def change(self, *factures: Facture) -> None:
        """What securing, writing and cancelling do: facts, then the blocks of these invoices."""
        self.put(*factures)
        self.db.execute("DELETE FROM bloc")
        self._insert("bloc", *(facture.bloc for facture in factures))
        self.refresh()

    def refresh(self) -> None:
        """Compute the asked blocks again."""
        block = ", ".join(relations.BLOCK)
        self._compute(f" WHERE ({block}) IN (SELECT {block} FROM bloc)")

    def rebuild(self) -> None:
        """Forget every derived row, and compute everything again."""
        self.ask_from("blocs_tous")
        self._compute("")

    def touch(self, *files: File) -> None:
        self.db.execute("DELETE FROM fichier_touche")
        self._insert("fichier_touche", *((file.cabinet, file.fichier) for file in files))

    def touch_all(self) -> None:
        self.db.execute("DELETE FROM fichier_touche")
        self.db.execute("INSERT INTO fichier_touche " + statements.query("fichiers_tous").sql)

    def ask(self, *blocs: tuple[str, str, int]) -> None:
        self.db.execute("DELETE FROM bloc")
        self._insert("bloc", *blocs)

    def ask_from(self, name: str) -> None:
        self.db.execute("DELETE FROM bloc")
        self.db.execute("INSERT INTO bloc " + statements.query(name).sql)

    def rows(self, relation: str, columns: str = "*") -> list[Row]:
        """Rows of a stored relation, sorted."""
        return sorted(self.db.execute(f"SELECT {columns} FROM {relation}").fetchall(), key=str)

    def answer(self, name: str) -> list[dict[str, Any]]:
        """Rows of a query, in its order, by column."""
        cursor = self.db.execute(statements.query(name).sql)
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor]

    def states(self, numero: int, prestataire: str = DOC, cabinet: str = CABINET) -> tuple[str, str, str]:
        """State of the invoice, of its AMO part, of its AMC part."""
        where = "WHERE cabinet = ? AND prestataire = ? AND numero = ?"
        key = (cabinet, prestataire, numero)
        parts = dict(self.db.execute(f"SELECT partie, etat FROM etat_part {where}", key).fetchall())
        [(facture,)] = self.db.execute(f"SELECT etat FROM etat_facture {where}", key).fetchall()
        return facture, parts["AMO"], parts["AMC"]

    def derived(self) -> dict[str, list[Row]]:
        """Every derived row."""
        return {relation.name: self.rows(relation.name) for relation in relations.DERIVED}

    def _compute(self, forgotten: str) -> None:
        for computation in statements.derived():
            name = computation.relation.name
            self.db.execute(f"DELETE FROM {name}{forgotten}")
            self.db.execute(f"INSERT INTO {name} ({', '.join(computation.relation.names)})\n{computation.sql}")

    def _insert(self, name: str, *rows: Row) -> None:
        for row in rows:
            self.db.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)

    def _create(self, relation: Relation) -> None:
        columns = [f"{c.name} {c.type}{'' if c.nullable else ' NOT NULL'}" for c in relation.columns]
        key = [f"PRIMARY KEY ({', '.join(relation.key)})"] if relation.key else []
        self.db.execute(f"CREATE TABLE {relation.name} ({', '.join(columns + key)})")

    def _create_entities(self) -> None:
        place = "cabinet text, fichier text, rang bigint, rang_parent bigint, octet bigint"
        for layout in load_edition("noemie", "ps-2007").layouts.values():
            fields = [
                f"{f.nom} {'bigint' if f.genre in ('entier', 'montant', 'decimal', 'date') else 'text'}"
                for f in layout.champs
                if not (f.personnel or f.is_filler or f.nom in ("type", "niveau", "terminateur"))
            ]
            key = "PRIMARY KEY (cabinet, fichier, rang)"
            self.db.execute(f"CREATE TABLE noemie_{layout.type} ({', '.join((place, *fields, key))})")
