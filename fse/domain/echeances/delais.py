"""The deadlines, each with its article: a date made from the day that starts it and a parameter of the norm.

A delay starts the day after. What the texts call "jours ouvrés" are working days; days that they do not qualify are
calendar days, the stricter reading. Which day starts each delay is said below; where no text does, it is our reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fse.base.dates import add_months
from fse.base.working_days import Calendrier, add_working_days
from fse.norm.referentiels.parametres import DROIT, EN_PROJET, PARTOUT, PROJET_2011, Parametre, Regime, parametre


@dataclass(frozen=True, slots=True, kw_only=True)
class Echeance:
    """A deadline: `le` is the last day in time. `regime`: "droit", or "projet-2011" for what a draft alone says."""

    nom: str
    libelle: str
    le: date
    article: str
    regime: Regime
    source: str

    @property
    def mention(self) -> str:
        """Its article, as a reader is told it: a draft is never given for the law."""
        return self.article if self.regime == DROIT else f"{self.article}, {EN_PROJET}"

    def is_over(self, le: date) -> bool:
        """True when this day is too late."""
        return le > self.le


def a_transmettre(securisee_le: date, calendrier: Calendrier, *, tiers_payant: bool) -> Echeance:
    """The last day to transmit a sheet: 3 working days from its securing when the patient paid, 8 otherwise.

    The text counts from the date that R161-42 10° asks for; that of the securing is our reading. A sheet is of third-
    party payment when the compulsory part is paid to the professional: with the complementary part alone it is not.
    """
    nom = "transmission_tiers_payant" if tiers_payant else "transmission_paiement_direct"
    return _echeance(parametre(nom, securisee_le, calendrier.territoire), securisee_le, calendrier)


def accuse_attendu(parti_le: date, calendrier: Calendrier) -> Echeance:
    """The last day to wait for the acknowledgement of what left: the day after, it is missing."""
    return _echeance(parametre("accuse_attendu", parti_le, calendrier.territoire), parti_le, calendrier)


def a_renvoyer(echec_le: date, calendrier: Calendrier) -> Echeance:
    """The last day to send again what failed on a day: that of the negative acknowledgement, or the last one to wait
    for it. The text adds "or at the latest with the next transmission", which may be later.
    """
    return _echeance(parametre("reemission", echec_le, calendrier.territoire), echec_le, calendrier)


def ordre_virement(accuse_le: date, calendrier: Calendrier) -> Echeance:
    """The last day for the caisse to order the transfer, from the day we received its positive acknowledgement."""
    return _echeance(_draft("ordre_virement", accuse_le, calendrier), accuse_le, calendrier)


def papier_a_envoyer(securisee_le: date, calendrier: Calendrier) -> Echeance:
    """The last day to send the caisse a paper sheet with third-party payment."""
    return _echeance(parametre("papier_envoi", securisee_le, calendrier.territoire), securisee_le, calendrier)


def papier_a_payer(recue_le: date, calendrier: Calendrier) -> Echeance:
    """The last day for the caisse to pay a paper sheet with third-party payment that it received on a day."""
    return _echeance(_draft("papier_paiement", recue_le, calendrier), recue_le, calendrier)


def double_electronique(depuis: date) -> Echeance:
    """The first day on which the electronic double of what was sent or received may go, if it is settled then."""
    return _echeance(parametre("double_electronique", depuis, PARTOUT), depuis, None)


def cahier_des_charges(publie_le: date, corrige_le: date | None) -> Echeance:
    """The last day to have a version of the specification: the delay starts again at its published correction."""
    depuis = max(publie_le, corrige_le or publie_le)
    return _echeance(parametre("cahier_des_charges", depuis, PARTOUT, regime=PROJET_2011), depuis, None)


def _draft(nom: str, le: date, calendrier: Calendrier) -> Parametre:
    return parametre(nom, le, calendrier.territoire, regime=PROJET_2011)


def _echeance(delai: Parametre, depuis: date, calendrier: Calendrier | None) -> Echeance:
    return Echeance(
        nom=delai.nom,
        libelle=delai.libelle,
        le=_end(delai, depuis, calendrier),
        article=delai.article,
        regime=delai.regime,
        source=delai.source,
    )


def _end(delai: Parametre, depuis: date, calendrier: Calendrier | None) -> date:
    if delai.unite == "mois":
        return add_months(depuis, delai.valeur)
    if delai.unite == "jours" or calendrier is None:
        return depuis + timedelta(days=delai.valeur)
    return add_working_days(depuis, delai.valeur, calendrier)
