"""The tables beside the page: what is to do, the transfers, the payments, the rejects, what each fund owes by age."""

from __future__ import annotations

from fse.app.operations.comptable import Paiement, Rejet
from fse.app.operations.motifs import NIVEAUX
from fse.app.operations.suivi import VirementRecu
from fse.app.operations.worklist.anciennete import TRANCHES, Anciennete
from fse.app.reports.matin.contenu import Matin
from fse.app.reports.matin.lignes import to_do_table
from fse.app.reports.tableaux import Cellule, Tableau

_AGES = ("de_0_a_10_jours", "de_11_a_30_jours", "de_31_a_60_jours", "de_61_a_90_jours", "plus_de_90_jours")
assert len(_AGES) == len(TRANCHES)


def accounting_tables(m: Matin) -> tuple[Tableau, ...]:
    """Those of one page. Transfers, payments and rejects are those of its year and of the year before."""
    since = f"depuis le {m.comptes.depuis:%d/%m/%Y}"
    return (
        to_do_table(m.choses, m.le),
        Tableau(
            nom="virements",
            libelle=f"Virements annoncés, {since}",
            colonnes=(
                ("date", "date"),
                ("virement", "texte"),
                ("payeur", "texte"),
                ("libelle_1", "texte"),
                ("libelle_2", "texte"),
                ("beneficiaire", "texte"),
                ("montant", "montant"),
                ("rapproche", "montant"),
                ("sans_facture", "montant"),
                ("forfaits", "montant"),
                ("retenues", "montant"),
                ("sur_le_compte", "texte"),
                ("vu_le", "date"),
                ("preuve", "texte"),
            ),
            lignes=[_transfer(one) for one in m.suivi.virements if one.date_comptable >= m.comptes.depuis],
        ),
        Tableau(
            nom="paiements",
            libelle=f"Paiements facture par facture, {since}",
            colonnes=(
                ("date", "date"),
                ("virement", "texte"),
                ("praticien", "texte"),
                ("facture", "nombre"),
                ("part", "texte"),
                ("etat", "texte"),
                ("demande", "montant"),
                ("paye", "montant"),
                ("rapproche", "texte"),
                ("releve_papier", "texte"),
            ),
            lignes=[_payment(one) for one in m.comptes.paiements],
        ),
        Tableau(
            nom="rejets",
            libelle=f"Motifs de rejet reçus, {since}",
            colonnes=(
                ("date", "date"),
                ("praticien", "texte"),
                ("facture", "nombre"),
                ("code", "texte"),
                ("libelle", "texte"),
                ("famille", "texte"),
                ("niveau", "texte"),
                ("ligne", "nombre"),
                ("acte", "texte"),
                ("cause_probable", "texte"),
                ("action", "texte"),
            ),
            lignes=[_reject(one) for one in m.comptes.rejets],
        ),
        Tableau(
            nom="anciennete",
            libelle="Ce que doit chaque organisme, par ancienneté de l'envoi",
            colonnes=(
                ("organisme", "texte"),
                ("parts", "nombre"),
                ("montant", "montant"),
                *((name, "montant") for name in _AGES),
            ),
            lignes=[_fund(one) for one in m.suivi.anciennete],
        ),
    )


def _transfer(one: VirementRecu) -> tuple[Cellule, ...]:
    return (
        one.date_comptable,
        one.nom,
        one.payeur,
        *one.libelles,
        one.beneficiaire,
        one.montant,
        one.rapproche,
        one.residu,
        one.forfaits,
        one.retenues,
        *_proof(one),
    )


def _proof(one: VirementRecu) -> tuple[Cellule, ...]:
    """Whether the money is on the account, since when, by what or why not; nothing when no account is followed."""
    if one.preuve is None:
        return "", None, ""
    return "non" if one.preuve.nature else "oui", one.preuve.prouve_le, one.preuve.libelle


def _payment(one: Paiement) -> tuple[Cellule, ...]:
    return (
        one.jour,
        one.virement,
        one.prestataire,
        one.numero or None,
        one.partie,
        one.etat,
        one.demande,
        one.paye,
        "oui" if one.rapproche else "non",
        one.piece,
    )


def _reject(one: Rejet) -> tuple[Cellule, ...]:
    motif = one.motif
    return (
        one.jour,
        one.prestataire,
        one.numero or None,
        f"{motif.code} {motif.precision}".rstrip(),
        motif.libelle,
        motif.famille,
        NIVEAUX.get(motif.niveau, motif.niveau),
        motif.ligne,
        motif.acte,
        motif.cause,
        motif.action,
    )


def _fund(one: Anciennete) -> tuple[Cellule, ...]:
    return (one.organisme, one.parts, one.montant, *one.tranches)
