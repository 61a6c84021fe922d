"""What a duplicate is refused for: it would lack an element, or the sheet would be paid twice.

Source: S4 art. 62.2 (A-30 to A-33).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from fse.app.operations.annuler import resolve
from fse.app.operations.cabinet import Cabinet
from fse.app.operations.duplicata.contenu import Demande, has_third_party
from fse.app.operations.duplicata.depart import refusal, refuse_acknowledged, refuse_on_its_way
from fse.app.operations.states import answer, ask_invoices
from fse.base.dates import from_days
from fse.base.errors import UsageError
from fse.infra.journal.facts import factures, fichiers_recus, lots
from fse.infra.journal.facts.exchanges import duplicatas, envois
from fse.infra.journal.facts.exchanges.duplicatas import DuplicataRow
from fse.infra.journal.facts.factures import FactureRow
from fse.infra.journal.facts.lots import LotKey, LotRow
from fse.infra.journal.schema.fact_tables import MODE_REPRISE
from fse.infra.journal.transaction import Reading
from fse.norm.model.saisie import MODES_SANS_LOT

_ANSWERED = {"ligne", "saisie", "forcee"}
"""Steps of a history by which a payer answered, or a person said what became of a part."""


def sheet_to_duplicate(
    reading: Reading,
    cabinet: Cabinet,
    numero: int,
    prestataire: str | None,
    visibles: Collection[str] | None,
    le: date,
) -> tuple[FactureRow, LotRow]:
    """The sheet and the lot in which it was sent, or should have been, on this day.

    Raises `UsageError`: `facture.inconnue`, `facture.ambigue`, `duplicata.reprise`, `duplicata.papier`,
    `duplicata.annulee`, `duplicata.corrigee`, `duplicata.sans_lot`, `duplicata.nouveau_lot`, `duplicata.non_transmise`,
    `duplicata.accuse_attendu`, `duplicata.a_renvoyer`, `duplicata.accusee`, `duplicata.repondue`.
    """
    who = resolve(reading, numero, prestataire, visibles)
    row = factures.find(reading, who, numero)
    assert row is not None
    _refuse_mode(row)
    _refuse_dead(reading, row)
    lot = lots.lot_of(reading, who, numero)
    if lot is None:
        raise _without_lot(reading, row)
    _refuse_answered(reading, row)
    refuse_acknowledged(reading, row)
    if not duplicatas.of_invoice(reading, who, numero):
        refuse_on_its_way(reading, cabinet, row, lot, le)
    return row, lot


def check_way(row: FactureRow, demande: Demande) -> None:
    """Whom the duplicate goes to, and who signs it (A-31, A-32).

    Raises `UsageError`: `duplicata.tiers_payant`, `duplicata.remis_non_signe`, `duplicata.mention_absente`.
    """
    if demande.voie == "patient":
        if has_third_party(row.destinataire_reglement):
            raise refusal(
                "duplicata.tiers_payant",
                row,
                "Cette feuille est en tiers payant : c'est le professionnel qui envoie le duplicata à la caisse.",
                "Remplacer --patient par --caisse.",
            )
        if not demande.patient_signe:
            raise refusal(
                "duplicata.remis_non_signe",
                row,
                "Un duplicata remis au patient est signé par lui : il ne peut pas dire qu'il n'a pas pu signer.",
                "S'il n'a pas pu signer, l'envoyer à la caisse : --caisse --patient-na-pas-signe.",
            )
    elif demande.patient_signe and not has_third_party(row.destinataire_reglement):
        raise refusal(
            "duplicata.mention_absente",
            row,
            "Sans tiers payant, le professionnel n'envoie lui-même le duplicata que si l'assuré n'a pas pu signer.",
            "Le remettre au patient, qui le signe (--patient), ou le dire : --caisse --patient-na-pas-signe.",
        )


def waiting_files(reading: Reading, row: DuplicataRow) -> Iterator[str]:
    """The files, by name, that hold the lot of a duplicate and did not leave, whoever sends them."""
    (held,) = envois.files_holding(reading, [LotKey(row.prestataire, row.numero_lot, row.date_lot)]).values()
    for one in (*envois.outbox(reading), *envois.to_hand_over(reading)):
        if one in held:
            yield one.nom


def _refuse_mode(row: FactureRow) -> None:
    if row.mode == MODE_REPRISE:
        raise refusal(
            "duplicata.reprise",
            row,
            "Cette feuille est partie par le logiciel précédent : son contenu n'est pas ici.",
            "Faire le duplicata avec le logiciel précédent.",
        )
    if row.mode in MODES_SANS_LOT:
        raise refusal(
            "duplicata.papier",
            row,
            "Cette feuille est déjà sur papier : elle n'a jamais été à transmettre.",
            "Retrouver l'original ; s'il est perdu, demander à la caisse comment le remplacer.",
        )


def _refuse_dead(reading: Reading, row: FactureRow) -> None:
    if factures.find_cancellation(reading, row.prestataire, row.numero) is not None:
        raise refusal(
            "duplicata.annulee",
            row,
            "Cette feuille est annulée : personne ne doit la payer.",
            "Vérifier le numéro.",
        )
    later = factures.find_successor(reading, row.prestataire, row.numero)
    if later is not None and factures.find_cancellation(reading, later.prestataire, later.numero) is None:
        raise refusal(
            "duplicata.corrigee",
            row,
            f"Cette feuille est corrigée par la facture {later.numero:09d}, qui la remplace.",
            f"Faire le duplicata de celle-là : fse duplicata {later.numero}.",
        )


def _without_lot(reading: Reading, row: FactureRow) -> UsageError:
    if (row.prestataire, row.numero) in lots.left_lots(reading, [row.numero]):
        return refusal(
            "duplicata.nouveau_lot",
            row,
            "Son lot a été refusé, et cette feuille attend d'en rejoindre un autre : elle va partir.",
            "La transmettre : fse emettre.",
        )
    return refusal(
        "duplicata.sans_lot",
        row,
        "Cette feuille n'a jamais été dans un lot : un duplicata dit dans lequel elle était.",
        "La transmettre (fse emettre) ou, si elle ne peut pas l'être, faire une feuille de soins ordinaire sur papier "
        "et annuler celle-ci (fse annuler).",
    )


def _refuse_answered(reading: Reading, row: FactureRow) -> None:
    """A payer that answered has the sheet: on paper it would be paid twice."""
    ask_invoices(reading, [row.numero])
    for step in answer(reading, "histoire_facture"):
        if step["prestataire"] != row.prestataire or step["evenement"] not in _ANSWERED:
            continue
        if step["evenement"] == "ligne":
            said = f"Un organisme a déjà répondu de cette feuille, par le retour {_name(reading, step['fichier'])}"
        else:
            said = f"L'acte n° {step['rang']}, fait à la main, dit déjà ce qu'elle est devenue"
        raise refusal(
            "duplicata.repondue",
            row,
            f"{said} : envoyée sur papier, elle serait payée deux fois.",
            f"Voir ce qu'il en est : fse facture {row.numero}.",
        )


def _name(reading: Reading, empreinte: str) -> str:
    """How a payer calls the file of this digest."""
    received = fichiers_recus.find_digest(reading, empreinte)
    if received is None:
        return empreinte
    return f"{received.identifiant} du {from_days(received.date_creation):%d/%m/%Y}"
