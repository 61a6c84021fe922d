"""Matching and states said a second time, in plain Python over the world's values: no SQL, no incremental step.

Written from the decisions, not from the `.sql`; a test holds both equal on random worlds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.domain.reconciliation.world import DOC, NURSE, STRANGER, Facture, File, Line, Part

KNOWN = {raw: number for number in (DOC, NURSE, STRANGER) for raw in (number, number.zfill(14))}
OURS = {("cab", DOC), ("cab", NURSE), ("autre", DOC)}

Block = tuple[str, str, int]


@dataclass(frozen=True)
class Answer:
    """One return line, and where it stands."""

    file: File
    rang: int
    jour: int
    prestataire: str
    line: Line

    @property
    def block(self) -> Block:
        return self.file.cabinet, self.prestataire, self.line.numero or 0


def answers(files: Iterable[File]) -> Iterator[Answer]:
    for file in files:
        rang = 2
        for transfer in file.virements:
            rang += 2
            raw = transfer.lieu or file.beneficiaire or file.destinataire or ""
            day = transfer.jour or file.cree_le or 0
            for line in transfer.lignes:
                rang += 1
                yield Answer(file, rang, day, KNOWN.get(raw, ""), line)
                rang += sum(part is not None for part in (line.amo, line.amc)) + len(line.rejets)
            rang += len(transfer.forfaits) + len(transfer.mouvements) + transfer.controle


def verdict(answer: Answer, factures: dict[Block, Facture]) -> str:
    """The policy or the residue of a line."""
    facture = factures.get(answer.block)
    if facture and not facture.annulee and left(facture):
        return "exacte" if answer.line.lot == facture.lot and facture.lot[0] else "numero_unique"
    if not answer.prestataire:
        return "prestataire_illisible"
    if facture:
        return "facture_annulee" if facture.annulee else "facture_non_emise"
    if answer.block[:2] not in OURS:
        return "autre_prestataire"
    return "facture_inconnue" if answer.line.numero else "numero_illisible"


def left(facture: Facture) -> bool:
    return facture.emise_le > 0 or facture.mode in ("papier", "s3404")


def part_state(attend: bool, demande: int, parts: list[Part]) -> str:
    """The state of a part after these answers, in the order of (day, file, rank)."""
    total = sum(part.paye or 0 for part in parts)
    last = [part.etat for part in parts if part.etat][-1:]
    if total == 0:
        if last == ["D"]:
            return "differee"
        if last == ["R"]:
            return "rejetee"
        if not attend:
            return "sans_objet"
        if not last:
            return "attendue"
    due = demande if attend else 0
    return "payee_moins" if total < due else "payee_plus" if total > due else "payee"


def states(facture: Facture, received: list[Answer]) -> tuple[str, str, str]:
    """State of the invoice, of its AMO part, of its AMC part, given the lines matched with it."""
    ordered = sorted(received, key=lambda answer: (answer.jour, answer.file.fichier, answer.rang))
    live = not facture.annulee
    amo = part_state(
        live and facture.attend_amo == 1, facture.amo, [answer.line.amo for answer in ordered if answer.line.amo]
    )
    amc = part_state(
        live and facture.attend_amc == 1, facture.amc, [answer.line.amc for answer in ordered if answer.line.amc]
    )
    return whole(facture, {amo, amc}), amo, amc


def whole(facture: Facture, parts: set[str]) -> str:
    if facture.annulee:
        return "annulee"
    if not left(facture):
        return "a_emettre"
    if parts & {"rejetee", "payee_moins", "payee_plus"}:
        return "a_traiter"
    if parts & {"attendue", "differee"}:
        return "en_cours"
    return "aucun_retour_attendu" if parts == {"sans_objet"} else "soldee"
