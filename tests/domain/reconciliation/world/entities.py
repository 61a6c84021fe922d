"""The entity rows of a file, laid as the reader lays them: ranks from 1, parents by kind, a 990 for each transfer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from tests.domain.reconciliation.world.values import File, Line, Part, Row, Transfer

Cells = dict[str, str | int | None]
EntityRow = tuple[str, Row, Cells]


@dataclass
class Laid:
    """The rows of one file, and the ranks of what it holds, by its order in the values."""

    file: File
    rows: list[EntityRow] = field(default_factory=list)
    virements: dict[int, int] = field(default_factory=dict)
    lignes: dict[tuple[int, int], int] = field(default_factory=dict)
    parts: dict[tuple[int, int, str], int] = field(default_factory=dict)
    forfaits: dict[tuple[int, int], int] = field(default_factory=dict)
    mouvements: dict[tuple[int, int], int] = field(default_factory=dict)

    def add(self, type: str, parent: int, **values: str | int | None) -> int:
        rang = len(self.rows) + 1
        place: Row = (self.file.cabinet, self.file.fichier, rang, parent, 100 * rang)
        self.rows.append((type, place, values))
        return rang


def lay(file: File) -> Laid:
    """A file as entities."""
    laid = Laid(file)
    head = laid.add("000", 0, numero_destinataire=file.destinataire, date_creation=file.cree_le)
    payee = laid.add("040", head, beneficiaire_reglement=file.beneficiaire)
    for order, transfer in enumerate(file.virements):
        newer = file.generation == 580
        over = _add_newer(laid, payee, order, transfer) if newer else _add_older(laid, payee, order, transfer)
        laid.virements[order] = over
        if transfer.controle:
            laid.add("990", over, somme=transfer.total)
    laid.add("999", head)
    return laid


def _add_newer(laid: Laid, payee: int, order: int, transfer: Transfer) -> int:
    over = laid.add(
        "071",
        payee,
        date_comptable=transfer.jour,
        organisme_payeur=transfer.payeur,
        libelle_virement_1="VIR",
        libelle_virement_2=None,
    )
    kind = laid.add("081", over, code_retour="01", lieu_execution=transfer.lieu)
    for number, line in enumerate(transfer.lignes):
        lot, date_lot = line.lot
        top = laid.add("102", kind, numero_facture=line.numero, numero_lot=lot, date_lot=date_lot, type_facture="F")
        laid.lignes[order, number] = top
        for type, partie, part in (("198", "AMO", line.amo), ("199", "AMC", line.amc)):
            if part:
                cells: Cells = {"montant_demande": part.demande, "etat": part.etat, "montant_rembourse": part.paye}
                laid.parts[order, number, partie] = laid.add(type, top, **cells)
        for place, (code, niveau, reject_part, ligne) in enumerate(line.rejets, 1):
            reject: Cells = {"code_rejet": code, "niveau_rejet": niveau, "partie": reject_part, "numero_ligne": ligne}
            laid.add("294", top, **reject, libelle_rejet="MOTIF", rang_rejet=place)
    _add_movements(laid, kind, order, transfer)
    return over


def _add_older(laid: Laid, payee: int, order: int, transfer: Transfer) -> int:
    """One 080 for each lot in turn; the last one holds the movements of money."""
    over = laid.add("070", payee, date_comptable=transfer.jour)
    kind = 0
    for lot, lines in groupby(enumerate(transfer.lignes), key=lambda one: one[1].lot):
        kind = laid.add("080", over, numero_lot=lot[0], date_lot=lot[1])
        for number, line in lines:
            laid.lignes[order, number] = _add_older_line(laid, kind, line)
    if transfer.forfaits or transfer.mouvements:
        _add_movements(laid, kind or laid.add("080", over), order, transfer)
    return over


def _add_older_line(laid: Laid, kind: int, line: Line) -> int:
    top = laid.add("100", kind, numero_facture=line.numero)
    for number, (obligatoire, complementaire) in enumerate(older_acts(line), 1):
        signed = obligatoire or complementaire
        laid.add(
            "210",
            top,
            numero_ligne=number,
            montant_rembourse=obligatoire,
            signe_rembourse="N" if signed < 0 else "P",
            montant_complementaire=abs(complementaire) or None,
        )
    for code, _, _, ligne in line.rejets:
        laid.add("290", top, codification=code, libelle_rejet="MOTIF", numero_ligne=ligne)
    return top


def older_acts(line: Line) -> Iterator[tuple[int, int]]:
    """(paid by the AMO, by the AMC) of each act line that tells an invoice in the older generation."""
    if _told(line.amo):
        yield line.amo.paye or 0 if line.amo else 0, 0
    if _told(line.amc):
        yield 0, line.amc.paye or 0 if line.amc else 0


def _told(part: Part | None) -> bool:
    return part is not None and (part.etat != "R" or bool(part.paye))


def _add_movements(laid: Laid, kind: int, order: int, transfer: Transfer) -> None:
    for number, lump in enumerate(transfer.forfaits):
        top = laid.add("261", kind, code_paiement=lump.code, montant=lump.montant)
        laid.forfaits[order, number] = top
        for first, last in lump.details:
            laid.add("262", top, date_debut=first, date_fin=last, montant=0)
    for number, one in enumerate(transfer.mouvements):
        laid.mouvements[order, number] = laid.add(
            "250",
            kind,
            reference_creance=one.reference,
            date_creance=one.date,
            nature_creance=one.nature,
            operation=one.operation,
            montant=one.montant,
            solde=one.solde,
        )
