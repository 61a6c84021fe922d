"""A sheet as it was secured, with who made it and for whom: what every document about one says.

Source: CSS R161-42 for what a sheet carries; S4 art. 67 and 68 (A-60, A-69).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.personnes import name_of
from fse.base.errors import StorageError, UsageError
from fse.infra.journal.facts.factures import FactureRow
from fse.infra.journal.transaction import Reading
from fse.norm.codec import documents
from fse.norm.model.contexte import Contexte
from fse.norm.model.facture import Facture
from fse.norm.model.saisie import Saisie
from fse.norm.model.tiers_payant import PARTS_REGLEES
from fse.norm.referentiels.codes import CodeLists

ACTE_GRATUIT = "G"
"""The qualifier of a free act (record 4)."""

Role = Literal["salarie", "adjoint", "confrere"]
"""Whoever is not known otherwise is an employee; a colleague of the practice may be one beside who bills (S3404)."""

Document = Literal["duplicata", "copie"]
"""What is made of a sheet; it starts the codes of what is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Professionnel:
    """A billing number and its holder: `nom` is "" when `cabinet.toml` does not know it, `specialite` too. `role`, of
    who did acts in the name of another.
    """

    numero: str
    nom: str
    specialite: str
    role: Role = "salarie"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Feuille:
    """One sheet, names and NIR in clear: its text form shows nothing of them.

    `prestataire` is who bills: the employer or the practitioner replaced; `executants` are those who did acts in their
    name (A-60: the employer comes first). Amounts in centimes: `tiers_payant` is what each part pays to the
    professional ("AMO", "AMC"), `paye_par_patient` the rest of the fees.
    """

    marque: str
    numero: int
    mode: str
    prestataire: Professionnel
    remplacant: Professionnel | None
    executants: tuple[Professionnel, ...]
    facture: Facture
    contexte: Contexte
    tiers_payant: tuple[tuple[str, int], ...]
    listes: CodeLists = field(compare=False)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(facture {self.numero:09d})"

    @property
    def paye_par_patient(self) -> int:
        """What the patient paid: the fees less what the payers pay to the professional, in centimes."""
        return self.facture.total_honoraires - sum(amount for _, amount in self.tiers_payant)

    @property
    def acte_gratuit(self) -> bool:
        """Whether no act was billed (A-69)."""
        return self.facture.total_honoraires == 0

    def libelle(self, liste: str, code: str | None) -> str:
        """The French label of a code on the day of the sheet, "" without a code."""
        return self.listes.label(liste, code, self.facture.date_facture) if code else ""


def read_sheet(reading: Reading, cabinet: Cabinet, row: FactureRow, document: Document) -> Feuille:
    """The sheet of an invoice, for a document.

    Raises `UsageError`: `<document>.personne_purgee`, `<document>.praticien_absent`.
    """
    saisie = _saisie(reading, row, document)
    facture = saisie.facture
    if cabinet.prestataire(row.prestataire) is None:
        raise UsageError(
            f"{document}.praticien_absent",
            f"Le praticien {row.prestataire} n'est plus dans cabinet.toml : son nom manquerait.",
            action="Le remettre dans cabinet.toml, puis recommencer.",
            lieu=f"facture {row.numero:09d}",
        )
    others = dict.fromkeys(one.executant for one in facture.prestations if one.executant)
    named = {row.prestataire, row.remplacant}
    paid = PARTS_REGLEES[facture.destinataire_reglement]
    totals = (("AMO", facture.total_amo), ("AMC", facture.total_amc))
    return Feuille(
        marque=cabinet.marque,
        numero=row.numero,
        mode=row.mode,
        prestataire=_professionnel(cabinet, row.prestataire),
        remplacant=_professionnel(cabinet, row.remplacant) if row.remplacant else None,
        executants=tuple(_professionnel(cabinet, one) for one in others if one not in named),
        facture=facture,
        contexte=saisie.contexte,
        tiers_payant=tuple((part, amount) for part, amount in totals if part in paid),
        listes=cabinet.listes,
    )


def _saisie(reading: Reading, row: FactureRow, document: Document) -> Saisie:
    """What the practice software gave at the visit; it goes with the person, at the end of everything."""
    try:
        reading.load_person(row.personne)
        found, _ = documents.read(reading.load(row.contenu_saisie))
    except StorageError as error:
        if error.code != "journal.contenu_absent":
            raise
        found = None
    if found is None:
        raise UsageError(
            f"{document}.personne_purgee",
            "Les données personnelles de cette feuille ont été détruites à la fin de leur conservation.",
            action="Aucun document ne peut plus en être fait.",
            lieu=f"facture {row.numero:09d}",
        )
    return found.factures[0]


def _professionnel(cabinet: Cabinet, numero: str) -> Professionnel:
    """What `cabinet.toml` says of a number."""
    nom, specialite = name_of(cabinet, numero)
    assists = any(one.numero == numero and one.condition == "adjoint" for one in cabinet.salaries)
    role: Role = "adjoint" if assists else "confrere" if cabinet.prestataire(numero) is not None else "salarie"
    return Professionnel(numero=numero, nom=nom, specialite=specialite, role=role)
