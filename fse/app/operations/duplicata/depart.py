"""What the life of its lot forbids of a duplicate: of a lot that will leave, or that the caisse may have, a sheet on
paper would be paid twice.

Source: CSS R161-47; S4 art. 62.2 (A-22 to A-24, A-30).
"""

from __future__ import annotations

from datetime import date

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.transmission.interdits import forbidden
from fse.app.operations.transmission.lots import lots_told
from fse.base.dates import from_days
from fse.base.errors import UsageError
from fse.infra.journal.facts import fichiers_recus
from fse.infra.journal.facts.exchanges import envois
from fse.infra.journal.facts.exchanges.transmissions import LotOnItsWay, lots_that_held, of_lots
from fse.infra.journal.facts.factures import FactureRow
from fse.infra.journal.facts.lots import LotRow
from fse.infra.journal.transaction import Reading


def refuse_acknowledged(reading: Reading, row: FactureRow) -> None:
    """A payer that has a lot has its sheets, those too that left it since for another one."""
    for lot in lots_that_held(reading, row.prestataire, row.numero):
        for one in fichiers_recus.acknowledgements(reading, lot):
            if one.sens != "P":
                continue
            raise refusal(
                "duplicata.accusee",
                row,
                f"La caisse a reçu son lot {lot.numero_lot:03d}, fichier {one.identifiant_fichier}, par son accusé du "
                f"{from_days(one.date_accuse):%d/%m/%Y} : envoyée sur papier, cette feuille serait payée deux fois.",
                f"Attendre le retour de la caisse : fse facture {row.numero}.",
            )


def refuse_on_its_way(reading: Reading, cabinet: Cabinet, row: FactureRow, lot: LotRow, le: date) -> None:
    """A duplicate replaces what failed: of a lot that will leave, or that the caisse may have, it would be paid twice.

    What `fse` tried in vain to send has failed, and so has a file that must not leave any more.
    """
    (told,), (facts,) = lots_told(reading, cabinet, [lot.key], le), of_lots(reading, [lot.key])
    etat, named = told.transmission.etat, f"Son lot {lot.numero_lot:03d}"
    waits = etat in ("a_envoyer", "renvoi_a_envoyer")
    if waits and (any(one.essais for one in told.en_attente) or _is_held_back(reading, lot)):
        return
    if etat == "accuse_attendu":
        (due,) = told.transmission.echeances
        raise refusal(
            "duplicata.accuse_attendu",
            row,
            f"{named} est parti le {_left_on(facts)} et son accusé est attendu jusqu'au {due.le:%d/%m/%Y} : "
            "envoyée sur papier, elle serait payée deux fois.",
            "Attendre l'accusé, puis fse relancer.",
        )
    if etat == "recu" and not facts.lot.repondu:
        raise refusal(
            "duplicata.accusee",
            row,
            f"La caisse répond qu'elle a déjà son lot {lot.numero_lot:03d} : envoyée sur papier, cette feuille serait "
            "payée deux fois.",
            f"Attendre le retour de la caisse : fse facture {row.numero}.",
        )
    on_paper = any(one.vivante and one.sur_papier for one in facts.factures)
    if etat == "sans_accuse" and not on_paper:
        raise refusal(
            "duplicata.a_renvoyer",
            row,
            f"{named}, parti le {_left_on(facts)}, n'a pas d'accusé : il repart une fois avant d'aller sur papier.",
            told.transmission.action,
        )
    if etat == "renvoi_a_envoyer":
        raise refusal(
            "duplicata.a_renvoyer",
            row,
            f"{named} est prêt à repartir, par le fichier {told.en_attente[-1].nom} : envoyée sur papier, elle serait "
            "payée deux fois.",
            told.transmission.action,
        )
    if etat in ("a_signer", "a_envoyer"):
        raise refusal(
            "duplicata.non_transmise",
            row,
            f"{named} n'a pas encore été transmis : il partira, et elle serait payée deux fois.",
            "Le transmettre : fse emettre, puis fse envoyer.",
        )


def _left_on(facts: LotOnItsWay) -> str:
    """The last day that a file took the lot away."""
    return f"{from_days(max(one.parti_le for one in facts.fichiers if one.parti_le is not None)):%d/%m/%Y}"


def _is_held_back(reading: Reading, lot: LotRow) -> bool:
    """A file that holds the lot waits, and must not leave: another sheet of it is on paper, or corrected."""
    (held,) = envois.files_holding(reading, [lot.key]).values()
    waiting = [*envois.outbox(reading), *envois.to_hand_over(reading)]
    return any(one in held and forbidden(reading, one) for one in waiting)


def refusal(code: str, row: FactureRow, message: str, action: str) -> UsageError:
    """A duplicate that must not be made, at its invoice."""
    return UsageError(code, message, action=action, lieu=f"facture {row.numero:09d}")
