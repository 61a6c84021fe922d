"""Statements received: read, judged against those already booked, booked once, one transaction a statement.

Order of judgement: already received (same digest); an account that the practice does not declare (nothing of it is
kept); what sets it aside by itself; what does not follow in its file; what another statement contradicts; else booked,
with the movements that are new. What depends on the file or on the others is set aside with that file: the same
statement is judged again when it comes in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Literal

from fse.app.operations.banque.citations import cite_movements
from fse.app.operations.banque.preuves import PreuveBancaire, ambiguities, proofs, prove
from fse.app.operations.cabinet import Cabinet, Compte
from fse.app.operations.clock import now
from fse.app.operations.practice import Practice
from fse.base.dates import from_days, to_days
from fse.base.findings import Finding, Place, finding
from fse.base.identifiers import compte as account
from fse.base.money import format_euros
from fse.domain.bank.libelles import text_of
from fse.domain.bank.recouvrement import Jugement, ReleveConnu, jour_de, judge
from fse.domain.bank.suite import broken
from fse.infra.journal import Transaction
from fse.infra.journal.facts import fichiers_recus, releves
from fse.infra.journal.facts.fichiers_recus import FichierRecuRow
from fse.infra.journal.facts.releves import MouvementRow, ReleveRow
from fse.norm.codec.releves import ReleveLu, read_releves
from fse.norm.model.releve import ReleveBancaire, Solde

Verdict = Literal["recu", "deja_recu", "ecarte", "pas_un_retour"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleveRecu:
    """What became of one statement. `nom`: of its account in `cabinet.toml`; `compte` its last characters.

    `mouvements` that it holds, of which `nouveaux` are booked; balances in centimes; `preuves`: what it proves.
    """

    ordinal: int
    empreinte: str
    verdict: Verdict
    motif: str | None
    nom: str
    compte: str
    du: date | None
    au: date | None
    ouverture: int
    cloture: int
    mouvements: int
    nouveaux: int
    preuves: tuple[PreuveBancaire, ...]
    constats: tuple[Finding, ...]


def receive_statements(practice: Practice, chunks: Iterable[bytes], *, le: date | None = None) -> Iterator[ReleveRecu]:
    """Receive every statement of a content; each is committed before the next is judged.

    Raises `UnreadableError` when it is no bank statement, `StorageError` when the journal cannot be written.
    """
    data = b"".join(chunks)
    container = sha256(data).hexdigest()
    today = to_days(practice.day(le))
    read = list(read_releves([data]))
    breaks = broken([one.releve for one in read])
    for place, one in enumerate(read):
        with practice.journal.transaction(now()) as transaction:
            reception = _Reception(practice.cabinet, transaction, one, today, container, breaks.get(place))
            received = reception.decide()
        yield received


@dataclass(slots=True)
class _Reception:
    """The judgement of one statement, inside its transaction."""

    cabinet: Cabinet
    transaction: Transaction
    lu: ReleveLu
    today: int
    container: str
    precedent: Solde | None
    constats: list[Finding] = field(default_factory=list)
    preuves: tuple[PreuveBancaire, ...] = ()
    nouveaux: int = 0

    def decide(self) -> ReleveRecu:
        """Judge, write what must be written, and say what became of the statement."""
        self.constats.extend(self.lu.constats)
        releve = self.lu.releve
        verdict, motif = self._judge(releve)
        declared = self._declared(releve) if releve is not None else None
        return ReleveRecu(
            ordinal=self.lu.ordinal,
            empreinte=self.lu.empreinte,
            verdict=verdict,
            motif=motif,
            nom=declared.nom if declared else "",
            compte=account.masked(releve.compte) if releve else "",
            du=releve.premier_jour if releve else None,
            au=releve.cloture.jour if releve else None,
            ouverture=releve.ouverture.montant if releve else 0,
            cloture=releve.cloture.montant if releve else 0,
            mouvements=len(releve.mouvements) if releve else 0,
            nouveaux=self.nouveaux,
            preuves=self.preuves,
            constats=tuple(self.constats),
        )

    def _judge(self, releve: ReleveBancaire | None) -> tuple[Verdict, str | None]:
        again = self._known(self.lu.empreinte) or self._known(self._here)
        if again is not None:
            return again
        if releve is not None and self._declared(releve) is None:
            return self._left(releve)
        blocking = next((one for one in self.constats if one.sets_aside), None)
        if releve is None or blocking is not None:
            return self._set_aside(self.lu.empreinte, blocking or finding("banque.illisible", self._place))
        if self.precedent is not None:
            amounts = {"ouverture": releve.ouverture.montant, "cloture": self.precedent.montant}
            told = {name: format_euros(amount) for name, amount in amounts.items()}
            return self._set_aside(self._here, finding("banque.solde_suivant", self._place, **told))
        jugement = self._confront(releve)
        twin = fichiers_recus.find_identity(self.transaction, *_identity(releve)) is not None
        contredit = jugement.contredit or (
            (releve.premier_jour, releve.cloture.jour) if twin and jugement.nouveaux else None
        )
        if contredit is not None:
            said = {"debut": f"{contredit[0]:%d/%m/%Y}", "fin": f"{contredit[1]:%d/%m/%Y}"}
            return self._set_aside(self._here, finding("banque.releve_contredit", self._place, **said))
        if twin:
            self.constats.append(finding("reception.deja_recu", self._place))
            return "deja_recu", None
        self._book(releve, jugement)
        return "recu", None

    @property
    def _here(self) -> str:
        """What a statement set aside because of its file, or of the others, is known by."""
        return sha256(f"{self.lu.empreinte} {self.container}".encode()).hexdigest()

    @property
    def _place(self) -> Place:
        return Place(octet=self.lu.octet)

    def _declared(self, releve: ReleveBancaire) -> Compte | None:
        return next((one for one in self.cabinet.comptes if one.numero == releve.compte), None)

    def _known(self, empreinte: str) -> tuple[Verdict, str | None] | None:
        known = fichiers_recus.find_digest(self.transaction, empreinte)
        if known is None:
            return None
        if known.verdict == "ecarte":
            self.constats.append(finding("reception.deja_ecarte", self._place, motif=known.motif))
            return "ecarte", known.motif
        self.constats.append(finding("reception.deja_recu", self._place))
        return "deja_recu", None

    def _left(self, releve: ReleveBancaire) -> tuple[Verdict, str | None]:
        """Another account: it may be a private one, and may be declared tomorrow."""
        self.constats = [finding("banque.autre_compte", self._place, compte=account.masked(releve.compte))]
        return "pas_un_retour", "banque.autre_compte"

    def _set_aside(self, empreinte: str, told: Finding) -> tuple[Verdict, str | None]:
        """Record the statement with what sets it aside. One whose account does not read may be anybody's: not kept."""
        if told not in self.constats:
            self.constats.append(told)
        archive = self._archive() if self.lu.releve is not None else None
        fichiers_recus.insert_received(self.transaction, self._row("ecarte", told.code, archive, empreinte))
        return "ecarte", told.code

    def _archive(self) -> str:
        return self.transaction.store("recu", self.lu.contenu)

    def _row(
        self, verdict: Literal["recu", "ecarte"], motif: str | None, archive: str | None, empreinte: str
    ) -> FichierRecuRow:
        releve = self.lu.releve
        emetteur, destinataire, identifiant, jour = _identity(releve) if releve else ("", "", "", 0)
        return FichierRecuRow(
            empreinte=empreinte,
            famille=self.lu.famille,
            emetteur=emetteur,
            destinataire=destinataire,
            identifiant=identifiant,
            date_creation=jour,
            marque="",
            contenu_archive=archive,
            recu_le=self.today,
            verdict=verdict,
            motif=motif,
            conteneur_empreinte=self.container,
            octet=self.lu.octet,
        )

    def _confront(self, releve: ReleveBancaire) -> Jugement:
        """The statement against those of its account."""
        first, last = to_days(releve.premier_jour), to_days(releve.cloture.jour)
        stored = releves.statements_around(self.transaction, releve.compte, first, last)
        booked = releves.movements_between(self.transaction, releve.compte, first, last)
        return judge(
            releve,
            [_connu(row) for row in stored],
            ((from_days(one.jour_releve), one.montant) for one in booked),
        )

    def _book(self, releve: ReleveBancaire, jugement: Jugement) -> None:
        fichier = self.lu.empreinte
        rows = [
            MouvementRow(
                fichier=fichier,
                rang=one.rang,
                compte=releve.compte,
                jour_releve=to_days(jour_de(releve, one)),
                jour=to_days(one.date_operation),
                montant=one.montant,
            )
            for one in jugement.nouveaux
        ]
        stated = ReleveRow(
            fichier=fichier,
            compte=releve.compte,
            debut=to_days(releve.premier_jour),
            ouverture_le=to_days(releve.ouverture.jour),
            ouverture=releve.ouverture.montant,
            cloture_le=to_days(releve.cloture.jour),
            cloture=releve.cloture.montant,
            mouvements=len(releve.mouvements),
        )
        row = self._row("recu", None, self._archive(), fichier)
        releves.insert_statement(self.transaction, row, stated, rows)
        texts = {(fichier, one.rang): text_of(one.libelles) for one in jugement.nouveaux}
        cite_movements(self.transaction, rows, texts)
        prove(self.transaction, [fichier])
        self.nouveaux, self.preuves = len(rows), proofs(self.transaction)
        self.constats.extend((*self._notices(releve, jugement), *ambiguities(self.transaction)))

    def _notices(self, releve: ReleveBancaire, jugement: Jugement) -> Iterator[Finding]:
        if jugement.connus:
            yield finding("banque.mouvements_connus", self._place, nombre=jugement.connus)
        if jugement.precedent is not None:
            yield finding(
                "banque.releve_manquant",
                self._place,
                ouverture=format_euros(releve.ouverture.montant),
                cloture=format_euros(jugement.precedent.montant),
                jour=f"{jugement.precedent.jour:%d/%m/%Y}",
            )


def _identity(releve: ReleveBancaire) -> tuple[str, str, str, int]:
    """What names a statement: the bank, the account, both balances, the day of the last one."""
    balances = f"{to_days(releve.ouverture.jour)}:{releve.ouverture.montant}:{releve.cloture.montant}"
    return releve.compte[:5], releve.compte, balances, to_days(releve.cloture.jour)


def _connu(row: ReleveRow) -> ReleveConnu:
    return ReleveConnu(
        premier_jour=from_days(row.debut),
        ouverture=Solde(from_days(row.ouverture_le), row.ouverture),
        cloture=Solde(from_days(row.cloture_le), row.cloture),
    )
