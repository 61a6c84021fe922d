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
from typing import Any

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.practice import Practice
from fse.base.identifiers.nir import calc_key
from fse.base.money import part_of
from fse.domain.cotation.bareme import Bareme
from fse.domain.cotation.exercice import NON_DECLARE, Exercice
from fse.domain.cotation.lignes import SeanceCotee
from fse.norm.model.contexte import Contexte, Identite
from fse.norm.model.facture import Assure, Beneficiaire, ContratAmc, Facture, Prescription, Prestation
from fse.norm.model.saisie import DocumentFactures, Saisie
from fse.norm.model.soins import Seance, Soins
from fse.norm.model.tiers_payant import PARTS_REGLEES
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
from tests.domain.cotation.network_cases import NetworkCase, membership, network_session, service_of

PRESCRIBER = "006789010"
_NOBODY = Identite(nom="ESSAI", prenom="CAMILLE")


def practice_text(case: Case, exercice: Exercice, executant: str) -> str:
    """The `cabinet.toml` of who practises this way; `executant`: who treated, "" for who bills."""
    others = {executant, exercice.employeur, *exercice.confreres} - {"", PRESTATAIRE, exercice.remplacant}
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
    seance, exercice, paying = seance_of(said), exercice_of(case, said), prise_en_charge_of(case, said)
    text = practice_text(case, exercice, seance.executant or "")
    soins = Soins(
        seances=(seance,),
        taux=said.get("taux", case.taux),
        taux_amc=said.get("taux_amc", case.taux_amc) if "AMC" in PARTS_REGLEES[paying.destinataire] else 0,
        parcours=parcours_of(case, said),
        tiers_payant=paying.tiers_payant or None,
        attestation=paying.attestation,
    )
    replacing = exercice.remplacant if exercice.condition == "remplacant" else None
    return practice_of(text), _saisie(case, rang, seance, soins, replacing)


def with_lines(saisie: Saisie, lines: tuple[Prestation, ...]) -> Saisie:
    """The invoice with these lines; what its head gives no place for, the part of a complementary, is on none."""
    facture = saisie.facture
    if facture.amc is None or "AMC" not in PARTS_REGLEES[facture.destinataire_reglement]:
        lines = tuple(replace(one, montant_amc=0) for one in lines)
    return replace(saisie, facture=replace(facture, prestations=lines))


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
        destinataire_reglement=paying.destinataire,
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


def _insured(case: Case, patient: str) -> Assure:
    names = list(dict.fromkeys(one.get("patient", "A") for one in case.seances))
    rank = names.index(patient)
    nir = f"1{40 + rank // 12:02d}{rank % 12 + 1:02d}75056000"
    return Assure(nir=nir, cle_nir=calc_key(nir), regime="01", caisse="998", centre="0000")


def network_documents(case: NetworkCase) -> Iterator[tuple[dict[str, Any], Cabinet, DocumentFactures]]:
    """Each service and each session of a case of networks: what the case says of it, its practice, its document."""
    nurse = Case(nom=case.nom, profession="infirmier", titre="", source="", seances=case.seances)
    cabinet = replace(practice_of(practice_text(nurse, Exercice(), "")), reseaux_decrits=(case.reseau,))
    for rang, said in enumerate(case.derogatoires, start=1):
        service = replace(service_of(said), reference=f"D-{rang}")
        yield said, cabinet, DocumentFactures(cabinet=cabinet.cabinet, derogatoires=(service,))
    for rang, said in enumerate(case.seances, start=1):
        yield said, cabinet, DocumentFactures(cabinet=cabinet.cabinet, factures=(_of_a_member(nurse, case, rang),))


def without(case: NetworkCase, said: dict[str, Any], document: DocumentFactures, nom: str) -> DocumentFactures:
    """The document of a software that does not know a rule."""
    bareme = Bareme("metropole", sans=frozenset({nom}))
    found = []
    for one in document.factures:
        lines = billed_lines(case.price(said, bareme)) or at_usual_rate(case.price(said, Bareme("metropole")))
        found.append(with_lines(one, lines))
    return replace(document, factures=tuple(found))


def _of_a_member(nurse: Case, case: NetworkCase, rang: int) -> Saisie:
    """An invoice with the lines that the network gives it."""
    said = nurse.seances[rang - 1]
    seance = network_session(said)
    soins = Soins(seances=(seance,), taux=said.get("taux"), adhesion_reseau=membership(said))
    saisie = _saisie(nurse, rang, seance, soins, None)
    facture = replace(saisie.facture, destinataire_reglement="05" if said.get("tiers_payant", True) else "00")
    return with_lines(replace(saisie, facture=facture), billed_lines(case.price(said, Bareme("metropole"))))


def at_usual_rate(cotee: SeanceCotee) -> tuple[Prestation, ...]:
    """The lines of a software that knows one rate for every patient, 60 %, and asks the complementary for nothing."""
    return tuple(replace(one, taux=60, montant_amo=part_of(one.base, 60), montant_amc=0) for one in billed_lines(cotee))


def billed_lines(cotee: SeanceCotee) -> tuple[Prestation, ...]:
    """The lines of a session that stand on the sheet."""
    return tuple(one.prestation for one in cotee.lignes if one.prestation is not None)


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
    known = f'secteur = "{secteur}"\nstatut = "{statut}"' if secteur != NON_DECLARE else "fin = 2000-12-31"
    return f'[[exercices]]\nprestataire = "{numero}"\ndebut = 2000-01-01\n{known}\n'


def _salarie(numero: str, case: Case, exercice: Exercice) -> str:
    titles = "titres = true\n" if exercice.titres and exercice.condition == "salarie" else ""
    return (
        f'[[salaries]]\nnumero = "{numero}"\nnom = "ALIX SALARIE"\nemployeur = "{exercice.employeur}"\n'
        f'specialite = "01"\nprofession = "{case.profession}"\ndiscipline = "{exercice.discipline}"\n'
        f'condition = "{exercice.condition}"\ndebut = 2000-01-01\n{titles}'
    )
