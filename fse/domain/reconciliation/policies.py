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
