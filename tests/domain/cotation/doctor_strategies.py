"""Doctors' sessions as they may well be recorded: any discipline and sector, any path, unscheduled care, overruns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from fse.domain.cotation.exercice import DISCIPLINES, SECTEURS, STATUTS, Exercice
from fse.domain.cotation.situation import PriseEnCharge, Situation
from fse.norm.model.medecine import DepassementDemande, Parcours, PremierRecours, Regulation
from fse.norm.model.soins import ActeRealise, Seance
from fse.norm.model.tiers_payant import PARTS_REGLEES
from fse.norm.referentiels.ngap.actes import actes
from fse.norm.referentiels.ngap.lettres import lettres
from tests.domain.cotation.cases import PRESTATAIRE
from tests.strategies import strategy_for

OWN = sorted(nom for nom, one in actes().items() if "medecin" in one.professions)
FLAT = sorted(code for code, one in lettres().items() if one.forfaitaire and one.concerns("medecin"))
PRICED_BY_ITSELF = ("ATM", "ADC", "CS", "ZZZZ")
HOURS = (None, "06:30", "09:00", "13:00", "19:30", "20:30", "22:15", "01:00")
COMMON = ("G", "GS", "CS", "SNP", "F", "MN", "MCG", "DE")


def acts() -> st.SearchStrategy[ActeRealise]:
    """One act, perhaps with something asked above its tariff, perhaps free."""
    overrun = st.none() | strategy_for(DepassementDemande)
    given = st.builds(
        ActeRealise, code_acte=st.sampled_from(PRICED_BY_ITSELF), prix=st.integers(1, 50_000), depassement=overrun
    )
    flat = st.builds(ActeRealise, code_acte=st.sampled_from(FLAT), depassement=overrun, gratuit=st.booleans())
    common = st.builds(ActeRealise, code_acte=st.sampled_from([one for one in COMMON if one in FLAT]))
    return st.builds(ActeRealise, acte=st.sampled_from(OWN), depassement=overrun) | given | flat | common


@st.composite
def sessions(draw: st.DrawFn) -> Seance:
    """One session, most often of 2025 or later: the majorations of unscheduled care are of these years."""
    day = draw(st.dates(date(2025, 1, 1), date(2027, 12, 31)) | st.dates(date(2012, 1, 1), date(2024, 12, 31)))
    hour = draw(st.sampled_from(HOURS))
    regulation = draw(st.none() | strategy_for(Regulation))
    if regulation is not None:
        regulation = replace(regulation, date=day, heure=hour or "08:00")
    return Seance(
        date_soins=day,
        heure=hour,
        lieu=draw(st.sampled_from(["cabinet", "domicile", "ehpad"])),
        urgence=draw(st.booleans()),
        depart_immediat=draw(st.sampled_from([None, "centre-15", "patient"])),
        visite_justifiee=draw(st.sampled_from([None, "medico-administratif", "environnement"])),
        regulation=regulation,
        premier_recours=draw(st.none() | strategy_for(PremierRecours)),
        actes=tuple(draw(st.lists(acts(), min_size=1, max_size=5))),
    )


def situations() -> st.SearchStrategy[Situation]:
    """Of a doctor and a patient, whoever pays."""
    practice = st.builds(
        Exercice,
        discipline=st.sampled_from(DISCIPLINES),
        secteur=st.sampled_from(("", *SECTEURS)),
        statut=st.sampled_from(STATUTS),
    )
    coverage = st.builds(
        PriseEnCharge,
        destinataire=st.sampled_from(sorted(PARTS_REGLEES)),
        tiers_payant=st.sampled_from(("", "c2s", "acte-couteux", "permanence-des-soins", "choix-du-praticien")),
        medecin_traitant=st.sampled_from(("", PRESTATAIRE, "002345676")),
    )
    return st.builds(
        Situation,
        prestataire=st.just(PRESTATAIRE),
        profession=st.just("medecin"),
        patient=st.just("A"),
        date_naissance=st.text("0123456789", min_size=6, max_size=6),
        nature_assurance=st.sampled_from(["10", "30", "41"]),
        exoneration=st.sampled_from([None, "0", "4"]),
        taux=st.none() | st.integers(0, 100),
        taux_amc=st.integers(0, 100),
        exercice=practice,
        parcours=st.none() | strategy_for(Parcours),
        prise_en_charge=coverage,
    )
