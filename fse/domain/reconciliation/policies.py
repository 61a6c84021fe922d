"""The matching policies and the residues, by name, in the order in which `appariement.sql` and `residu.sql` try them.

A line takes the first policy that holds, else the first residue: it ends in exactly one of them (architecture,
decision 13). Nothing here is ever guessed: a policy that would need a name, a date or an amount to choose between two
invoices is a suggestion, and a suggestion is never booked (decision 12).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """A way to match a line with an invoice. `libelle` is French and completes "rapprochée : …"."""

    nom: str
    libelle: str


@dataclass(frozen=True, slots=True)
class Residue:
    """Why a line is matched with nothing, and what to do about it, in French."""

    nom: str
    libelle: str
    action: str


BANK_POLICIES = (
    Policy("deux_libelles", "même montant, et les deux libellés du virement"),
    Policy("un_libelle", "même montant, et un des deux libellés du virement"),
    Policy("plusieurs_lignes", "mêmes libellés ; les lignes du compte font ensemble le montant du virement"),
    Policy("plusieurs_virements", "mêmes libellés ; les virements font ensemble le montant de la ligne du compte"),
    Policy("manuelle", "à la main"),
)
"""How a movement of the account proves a transfer, in the order in which `rapprochement_bancaire.sql` tries them; what
is settled by hand goes before. An amount and a day alone, even when nothing else has them, prove nothing."""

TRANSFER_RESIDUES = (
    Residue(
        "virement_partiel",
        "Virement dont les lignes rattachées à la main ne font pas le montant",
        "Rattacher aussi ses autres lignes ; sinon, réclamer la différence à l'organisme, ou annuler le rattachement.",
    ),
    Residue(
        "sans_montant", "Virement dont le total manque", "Demander le total à la caisse : sans lui, rien ne prouve."
    ),
    Residue("nul", "Aucun virement : tout est rejeté ou retenu", ""),
    Residue("sans_compte", "Virement à un compte qui n'est pas suivi", ""),
    Residue(
        "virement_ambigu",
        "Virement auquel plusieurs lignes du compte répondent",
        "Choisir sa ligne sur le relevé de la banque, puis l'y rattacher.",
    ),
    Residue("anterieur_aux_releves", "Virement antérieur au premier relevé du compte", ""),
    Residue("attendu", "Virement attendu sur le compte", ""),
    Residue(
        "releve_attendu",
        "Virement que les relevés reçus n'atteignent pas",
        "Télécharger à la banque les relevés suivants, puis les recevoir.",
    ),
    Residue(
        "virement_non_recu",
        "Virement annoncé qui n'est pas sur le compte",
        "Le chercher sur le relevé de la banque ; s'il n'y est pas, le réclamer à l'organisme avec sa date et ses "
        "libellés.",
    ),
)
"""Why a transfer is not proved, in the order of `virements_banque.sql`; an empty action: nothing to do."""

MOVEMENT_RESIDUES = (
    Residue(
        "paiement_ambigu",
        "Ligne du compte qui répond à plusieurs virements",
        "Choisir le virement, puis y rattacher la ligne.",
    ),
    Residue("autre", "Autre argent que celui des organismes", ""),
    Residue(
        "reprise_inexpliquee",
        "Somme reprise par un organisme, qu'aucun retour n'explique",
        "Demander à l'organisme le retour ou la notification qui l'explique.",
    ),
    Residue(
        "paiement_inexplique",
        "Paiement d'un organisme qu'aucun retour n'explique",
        "Attendre le retour quelques jours ; au-delà, le réclamer à l'organisme, ou saisir son relevé papier.",
    ),
)
"""Why a movement of the account proves nothing, in the order of `mouvements_banque.sql`."""

POLICIES = (
    Policy("exacte", "même prestataire, même numéro de facture, même lot et même date de lot"),
    Policy("remplacant", "même numéro de facture ; le retour nomme le remplaçant, la facture est au nom du remplacé"),
    Policy("mandataire", "même numéro de facture ; le retour nomme celui qui est payé pour ce prestataire"),
    Policy("numero_unique", "même prestataire et même numéro de facture ; le lot est absent, ou différent de tous"),
    Policy("manuelle", "à la main"),
)
"""A line attached by hand goes where it was attached, before any other policy; `manuelle` is last as it is written."""

RESIDUES = (
    Residue(
        "prestataire_illisible",
        "Retour dont le numéro de prestataire ne se lit pas",
        "Demander à la caisse pour quel prestataire elle a établi ce retour, puis le rattacher à sa facture.",
    ),
    Residue(
        "numero_illisible",
        "Retour dont le numéro de facture est absent ou ne se lit pas",
        "Retrouver la facture (fse facture la propose quand l'assuré est connu), puis la rattacher ; à défaut, "
        "interroger la caisse.",
    ),
    Residue(
        "facture_annulee",
        "Retour d'une facture annulée",
        "Vérifier si la feuille de soins est partie malgré l'annulation ; si elle est payée, prévenir la caisse.",
    ),
    Residue(
        "facture_non_emise",
        "Retour d'une facture qui n'est pas partie",
        "Vérifier si elle a été envoyée par un autre logiciel, et ne pas l'envoyer une seconde fois.",
    ),
    Residue(
        "ambigue",
        "Retour qui peut répondre à plusieurs factures",
        "Choisir la facture, puis y rattacher le retour : rien n'est compté d'ici là.",
    ),
    Residue(
        "anterieur_a_la_reprise",
        "Retour d'une facture antérieure à la reprise",
        "La chercher dans le logiciel précédent ; si elle était encore ouverte, la saisir par fse reprise.",
    ),
    Residue(
        "autre_poste",
        "Retour d'une facture numérotée par un autre poste",
        "Recevoir aussi ce retour sur le poste qui a fait la facture.",
    ),
    Residue(
        "autre_prestataire",
        "Retour destiné à un prestataire qui n'est pas du cabinet",
        "Ajouter ce prestataire à cabinet.toml s'il est du cabinet ; sinon, signaler l'erreur à la caisse.",
    ),
    Residue(
        "facture_inconnue",
        "Retour d'une facture inconnue du journal",
        "Vérifier si elle a été faite sur papier ou par un autre logiciel ; si elle est du journal, l'y rattacher.",
    ),
)
