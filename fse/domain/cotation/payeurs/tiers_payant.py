"""Third-party payment of doctors, when it is asked for: what has to go with it, on which parts.

The opposition of the card comes first (`droits`): when it is there, none of this is looked at. What spares a patient
the advance, who is asked for it all the same, is in `dispense`.
Source: regles.md I.3 (draft convention of 07/07/2011, articles 4 to 11, 61 and 71; convention of 2016, article 11).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fse.domain.cotation.dossier import Dossier
from fse.domain.cotation.faits import FAITS
from fse.domain.cotation.medecins.regulation import GARDE
from fse.domain.cotation.payeurs.droits import advanced, opposed
from fse.norm.referentiels.ngap.regles import Controle

C2S, ACS, AME, PDSA, COUTEUX = "c2s", "acs", "ame", "permanence-des-soins", "acte-couteux"
ALD, MATERNITE, ACCIDENT = "affection-longue-duree", "maternite", "accident-du-travail"

HORS_DU_PARCOURS = frozenset({"hors-parcours", "urgence", "hors-residence"})
"""Situations that article 5 does not name: neither the "médecin traitant", nor whom he sends to, nor direct access."""

NATURE_MATERNITE, NATURE_ACCIDENT, EXONERATION_ALD = "30", "41", "4"
"""Codes of the sheet (code lists `nature_assurance` and `exoneration`)."""

LIBELLES = {
    C2S: "complémentaire santé solidaire",
    ACS: "aide à la complémentaire santé",
    ACCIDENT: "accident du travail",
    AME: "aide médicale de l'État",
    COUTEUX: "acte coûteux",
    PDSA: "permanence des soins",
    "medecin-referent": "patient d'un ancien médecin référent",
    "experimentation": "expérimentation agréée",
    ALD: "affection de longue durée",
    MATERNITE: "maternité",
}

_AT_GENERAL = "10"
"""The payee code of a work accident of the general scheme."""


def check_card(dossier: Dossier, regle: Controle) -> None:
    """A situation that the card gives is that of the sheet."""
    situation, droit = dossier.situation, dossier.situation.prise_en_charge.tiers_payant
    missing = {
        ACCIDENT: (situation.nature_assurance == NATURE_ACCIDENT, f"nature d'assurance {NATURE_ACCIDENT}"),
        MATERNITE: (situation.nature_assurance == NATURE_MATERNITE, f"nature d'assurance {NATURE_MATERNITE}"),
        ALD: (situation.exoneration == EXONERATION_ALD, f"exonération {EXONERATION_ALD}"),
    }
    there, attendu = missing.get(droit, (True, ""))
    if not there:
        dossier.find(regle, droit=LIBELLES[droit], attendu=attendu)


def check_payee(dossier: Dossier, regle: Controle) -> None:
    """The payee code of work accidents is theirs alone."""
    situation = dossier.situation
    if situation.prise_en_charge.destinataire == _AT_GENERAL and situation.nature_assurance != NATURE_ACCIDENT:
        dossier.find(regle, nature=situation.nature_assurance)


def check_whole(dossier: Dossier, regle: Controle) -> None:
    """Both parts are paid to the doctor: the patient advances nothing."""
    asked = dossier.situation.prise_en_charge
    if asked.tiers_payant == C2S and "AMO" in advanced(dossier) and not _whole(dossier):
        dossier.find(regle)


def check_in_path(dossier: Dossier, regle: Controle) -> None:
    """The aid spares the advance inside the path alone."""
    parcours = dossier.situation.parcours
    if asks(dossier, ACS) and parcours is not None and parcours.situation in HORS_DU_PARCOURS:
        dossier.find(regle)


def check_shown(dossier: Dossier, regle: Controle) -> None:
    """The right was shown, on paper or by the online service."""
    asked = dossier.situation.prise_en_charge
    if asks(dossier, ACS) and not asked.attestation and asked.source != "service":
        dossier.find(regle)


def check_over(dossier: Dossier, regle: Controle) -> None:
    """No right of this kind opens any more: it runs to the end of the contract that an attestation shows."""
    if asks(dossier, ACS) and not dossier.situation.prise_en_charge.attestation:
        dossier.find(regle)


def check_expired(dossier: Dossier, regle: Controle) -> None:
    """The last contract has ended."""
    if asks(dossier, ACS):
        dossier.find(regle)


def check_regulated(dossier: Dossier, regle: Controle) -> None:
    """The right comes with the regulation of the call, on the duty, at its hours; a majoration of the duty on the sheet
    has its own rules, which say so.
    """
    manque = not_on_duty(dossier) if asks(dossier, PDSA) and not dossier.nommees(GARDE) else ""
    if manque:
        dossier.find(regle, manque=manque)


def check_principle(dossier: Dossier, regle: Controle) -> None:
    """Nothing says what gives a right to it."""
    if "AMO" in advanced(dossier) and not dossier.situation.prise_en_charge.tiers_payant:
        dossier.find(regle)


def asks(dossier: Dossier, droit: str) -> bool:
    """Whether the compulsory part is asked of the payer by this right."""
    return dossier.situation.prise_en_charge.tiers_payant == droit and "AMO" in advanced(dossier)


def not_on_duty(dossier: Dossier) -> str:
    """What misses for care to be that of the duty after a regulation, in French nouns, "" when nothing does."""
    hours = FAITS["heures-de-permanence"](dossier)
    if hours and not FAITS["samedi-ou-pont"](dossier):
        hours = ""
    return " ; ".join(one for one in (FAITS["regulation"](dossier), FAITS["tableau-de-garde"](dossier), hours) if one)


def _whole(dossier: Dossier) -> bool:
    return advanced(dossier) == {"AMO", "AMC"}


def _unless_opposed(check: Callable[[Dossier, Controle], None]) -> Callable[[Dossier, Controle], None]:
    def checked(dossier: Dossier, regle: Controle) -> None:
        if not opposed(dossier):
            check(dossier, regle)

    return checked


CONTROLES: Mapping[str, Callable[[Dossier, Controle], None]] = {
    nom: _unless_opposed(check)
    for nom, check in {
        "tp-situation-de-la-carte": check_card,
        "tp-destinataire-accident": check_payee,
        "tp-c2s-integral": check_whole,
        "tp-acs-parcours": check_in_path,
        "tp-acs-attestee": check_shown,
        "tp-acs-fin": check_over,
        "tp-acs-dernier-contrat": check_expired,
        "tp-permanence-regulee": check_regulated,
        "tp-paiement-direct": check_principle,
    }.items()
}
"""By the name of the rule that says it, in this order."""
