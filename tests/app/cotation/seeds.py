"""The cases of pricing as software would send them: a practice of their profession, an input document a session.

Whoever bills is `PRESTATAIRE`, and how they practise that day is in `cabinet.toml`; each case has a journal of its own,
which holds what was secured of it before. A patient is an insured person with a NIR of order number 000.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.coter import coter
from fse.app.operations.practice import Practice
from fse.base.identifiers.nir import calc_key
from fse.domain.cotation.exercice import Exercice
from fse.domain.cotation.situation import PriseEnCharge
from fse.norm.codec import xml
from fse.norm.model.contexte import Contexte, Identite
from fse.norm.model.facture import Assure, Beneficiaire, ContratAmc, Facture, Prescription, Prestation
from fse.norm.model.saisie import DocumentFactures, Saisie
from fse.norm.model.soins import Seance, Soins
from tests.app import cabinet as plain
from tests.app.cabinet import write_cabinet
from tests.domain.cotation.cases import (
    PRESTATAIRE,
    Case,
    exercice_of,
    parcours_of,
    prise_en_charge_of,
    seance_of,
)

EMPLOYED, PRESCRIBER = "003456787", "006789010"
_NOBODY = Identite(nom="ESSAI", prenom="CAMILLE")


def practice_text(case: Case, exercice: Exercice, executant: str) -> str:
    """The `cabinet.toml` of who practises this way; `executant`: who treated, "" for who bills."""
    others = {executant, exercice.employeur} - {"", PRESTATAIRE, exercice.remplacant}
    staff = exercice.condition in ("salarie", "adjoint")
    billing = [PRESTATAIRE, *sorted(others - ({executant} if staff else set()))]
    parts = [_HEAD]
    parts += [_prestataire(one, case, exercice.discipline) for one in billing]
    if exercice.secteur or exercice.statut != "conventionne":
        parts += [_exercice(one, exercice.statut, exercice.secteur) for one in billing]
    if staff:
        parts.append(_salarie(executant, case, exercice))
    if exercice.remplacant and exercice.declare:
        parts.append(_REMPLACEMENT.format(remplacant=exercice.remplacant))
        parts.append(_exercice(exercice.remplacant, exercice.statut_remplacant))
    return "\n".join([*parts, f'[cotation]\nprofil = "{case.profil}"\nregime = "{case.regime}"\n'])


@cache
def practice_of(text: str) -> Cabinet:
    """The practice that this text describes, loaded once."""
    return write_cabinet(Path(mkdtemp(prefix="fse-tests-")), text)


@contextmanager
def journal_of(folder: Path) -> Iterator[Practice]:
    """A practice with an empty journal, whose description each session replaces."""
    with plain.new_practice(folder) as opened:
        yield opened


def input_of(case: Case, rang: int) -> tuple[Cabinet, Saisie]:
    """The `rang`th session of a case, from 1: the practice where it was done, its invoice without a line."""
    said = case.seances[rang - 1]
    seance, exercice = seance_of(said), exercice_of(case, said)
    if exercice.condition in ("salarie", "adjoint") and seance.executant is None:
        seance = replace(seance, executant=EMPLOYED)
    text = practice_text(case, exercice, seance.executant or "")
    soins = Soins(
        seances=(seance,),
        taux=said.get("taux", case.taux),
        taux_amc=said.get("taux_amc", case.taux_amc),
        parcours=parcours_of(case, said),
        tiers_payant=prise_en_charge_of(case, said).tiers_payant or None,
        attestation=prise_en_charge_of(case, said).attestation,
    )
    replacing = exercice.remplacant if exercice.condition == "remplacant" else None
    return practice_of(text), _saisie(case, rang, seance, soins, replacing)


def priced(practice: Practice, *saisies: Saisie) -> DocumentFactures:
    """The document of these invoices with the lines that `coter` makes."""
    document = DocumentFactures(cabinet=practice.cabinet.cabinet, factures=saisies)
    (result,) = coter(practice.cabinet, [xml.build(document)], practice)
    assert result.document is not None, [one.message for one in result.constats]
    return result.document


def with_line(saisie: Saisie) -> Saisie:
    """An invoice of which fse prices nothing, with the line of a software that bills the act all the same."""
    (seance,) = saisie.soins.seances if saisie.soins else ()
    one = seance.actes[0]
    line = Prestation(
        date_soins=seance.date_soins,
        code_acte=one.code_acte or "AMI",
        prix_unitaire=1000,
        base=1000,
        taux=60,
        montant_amo=600,
        honoraires=1000,
        lieu="0",
    )
    return replace(saisie, facture=replace(saisie.facture, prestations=(line,)))


def _saisie(case: Case, rang: int, seance: Seance, soins: Soins, remplacant: str | None) -> Saisie:
    said = case.seances[rang - 1]
    paying = prise_en_charge_of(case, said)
    written = seance.ordonnance
    facture = Facture(
        prestataire=PRESTATAIRE,
        date_facture=seance.date_soins,
        assure=_insured(case, said.get("patient", "A")),
        beneficiaire=Beneficiaire(date_naissance=said.get("date_naissance", case.date_naissance)),
        prescription=None if written is None else Prescription(prescripteur=PRESCRIBER, date_prescription=written.date),
        nature_assurance=said.get("nature_assurance", case.nature_assurance),
        exoneration=said.get("exoneration", case.exoneration),
        destinataire_reglement=_payee(paying, soins),
        amc=ContratAmc(numero_amc="99800001") if paying.amc or soins.taux_amc else None,
        prestations=(),
    )
    return Saisie(
        reference=f"S-{rang}",
        mode=paying.mode,
        remplacant=remplacant,
        facture=facture,
        soins=soins,
        contexte=Contexte(
            source=paying.source,
            identite_assure=_NOBODY,
            identite_beneficiaire=_NOBODY,
            medecin_traitant=paying.medecin_traitant or None,
            opposition=paying.opposition,
            periodes_droits=paying.droits,
        ),
    )


def _payee(paying: PriseEnCharge, soins: Soins) -> str:
    """Who is paid; a complementary part asked for without saying so is paid to the professional."""
    return "15" if soins.taux_amc and paying.destinataire == "00" else paying.destinataire


def _insured(case: Case, patient: str) -> Assure:
    names = list(dict.fromkeys(one.get("patient", "A") for one in case.seances))
    rank = names.index(patient)
    nir = f"1{40 + rank // 12:02d}{rank % 12 + 1:02d}75056000"
    return Assure(nir=nir, cle_nir=calc_key(nir), regime="01", caisse="998", centre="0000")


_HEAD = f"""
cabinet = "essai"
marque = "T"
journal = "journal.sqlite"

[emetteur]
type = "TP"
numero = "{PRESTATAIRE}"

[[destinations]]
regime = "01"
caisse = "998"
centre = "0000"
organisme_destinataire = "998"
centre_informatique = "998"
type_destinataire = "CT"
"""

_REMPLACEMENT = f"""
[[remplacements]]
remplace = "{PRESTATAIRE}"
remplacant = "{{remplacant}}"
nom = "DR SACHA REMPLACANT"
debut = 2000-01-01
fin = 2099-12-31
licence = "L-1"
adresse = "1 rue de l'Essai"
cabinet = "2 rue de l'Essai"
"""


def _prestataire(numero: str, case: Case, discipline: str) -> str:
    said = f'discipline = "{discipline}"\n' if discipline else ""
    return (
        f'[[prestataires]]\nnumero = "{numero}"\nnom = "CAMILLE ESSAI"\nspecialite = "01"\ncle = "praticien.p12"\n'
        f'profession = "{case.profession}"\nterritoire = "{case.territoire}"\n{said}'
    )


def _exercice(numero: str, statut: str, secteur: str = "") -> str:
    return f'[[exercices]]\nprestataire = "{numero}"\ndebut = 2000-01-01\nsecteur = "{secteur}"\nstatut = "{statut}"\n'


def _salarie(numero: str, case: Case, exercice: Exercice) -> str:
    return (
        f'[[salaries]]\nnumero = "{numero}"\nnom = "ALIX SALARIE"\nemployeur = "{exercice.employeur}"\n'
        f'specialite = "01"\nprofession = "{case.profession}"\ndiscipline = "{exercice.discipline}"\n'
        f'condition = "{exercice.condition}"\ntitres = {str(exercice.titres).lower()}\ndebut = 2000-01-01\n'
    )
