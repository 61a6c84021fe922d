"""Who bills, end to end: staff and replacements that `cabinet.toml` declares, the journal, the sheet.

The figures: G = 30,00 € since 22/12/2024, of which 21,00 € (70 %) to the caisse; AMI 4 = 4 × 3,15 = 12,60 €, of which
7,56 € (60 %).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from fse.app.operations.cabinet.personnes import name_of
from fse.app.operations.coter import coter
from fse.app.operations.feuille import Feuille, read_sheet
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import complete, securiser
from fse.base.findings import Finding
from fse.infra.journal.facts import factures
from tests.app import cabinet as plain
from tests.app.cabinet import CABINET, JOUR, document, reopen
from tests.app.cotation.care import PRESCRIPTION, ami, facture, new_practice, priced, seance

DOCTOR, OTHER, EMPLOYED, NURSE, STANDIN = "001234566", "004567897", "003456787", "005678909", "002345676"
PRACTICE = (
    CABINET.replace('specialite = "01"', 'specialite = "01"\nprofession = "medecin"\ndiscipline = "generaliste"')
    + f"""
[cotation]
profil = "pratique-2026"

[[prestataires]]
numero = "{OTHER}"
nom = "DR DOMINIQUE AUTRE"
specialite = "02"
cle = "praticien.p12"
profession = "medecin"
discipline = "autre-specialite"

[[exercices]]
prestataire = "{OTHER}"
debut = 2020-01-01
secteur = "2"
statut = "suspendu"

[[salaries]]
numero = "{EMPLOYED}"
nom = "DR ALIX SALARIE"
employeur = "{DOCTOR}"
specialite = "01"
profession = "medecin"
debut = 2026-01-01
discipline = "generaliste"

[[salaries]]
numero = "{NURSE}"
nom = "NOA INFIRMIERE"
employeur = "{DOCTOR}"
specialite = "24"
profession = "infirmier"
debut = 2026-01-01
fin = 2026-10-31

[[remplacements]]
remplace = "{DOCTOR}"
remplacant = "{STANDIN}"
nom = "DR SACHA REMPLACANT"
debut = 2026-09-14
fin = 2026-09-27
jours = ["mercredi", "samedi"]
licence = "L-1"
adresse = "1 rue de l'Essai"
cabinet = "2 rue de l'Essai"
"""
)
G = "<acte><code_acte>G</code_acte></acte>"
PRESCRIBED = "<ordonnance_redigee>{}</ordonnance_redigee>" + G
KINDS = "ordonnances-distinctes"
WEDNESDAY, THURSDAY = "2026-09-16", "2026-09-17"


def with_fact(name: str) -> str:
    """A consultation of which a fact is true."""
    return G.replace("</code_acte>", f"</code_acte><{name}>1</{name}>")


def above(genre: str) -> str:
    """A consultation at 5,00 € above its tariff."""
    asked = f"<genre>{genre}</genre><montant>500</montant><motif>essai</motif><information>1</information>"
    return G.replace("</code_acte>", f"</code_acte><depassement>{asked}</depassement>")


def visit(
    reference: str,
    *,
    jour: str = THURSDAY,
    executant: str = "",
    signe: tuple[str, str] = ("", ""),
    remplacant: str = "",
    billing: str = DOCTOR,
    patient: int = 0,
    mode: str = "S",
    hospitalisation: bool = False,
    acte: str = G,
) -> str:
    """An invoice of one consultation."""
    who = f"<executant>{executant}</executant>" if executant else ""
    signed = [f"<{key}>{value}</{key}>" for key, value in zip(("execution", "acquit"), signe, strict=True) if value]
    who += f"<signatures>{''.join(signed)}</signatures>" if signed else ""
    one = seance(acte, jour=jour, before=who, ordonnance="")
    if hospitalisation:
        one = one.replace("</lieu>", "</lieu><hospitalisation>1</hospitalisation>")
    before = f"<remplacant>{remplacant}</remplacant>" if remplacant else ""
    text = facture(reference, one, patient=patient, before=before, prescription="")
    return text.replace(f"<prestataire>{DOCTOR}", f"<prestataire>{billing}").replace('mode="S"', f'mode="{mode}"')


def codes(constats: Iterable[Finding]) -> set[str]:
    """Of what pricing says of who bills."""
    found = {one.code for one in constats if one.is_error}
    return {one.removeprefix("ngap.") for one in found}


def told(practice: Practice, *documents: str) -> set[str]:
    """What pricing refuses in one document."""
    (result,) = coter(practice.cabinet, [document(*documents)], practice)
    return codes(result.constats)


def of_who_bills(found: set[str]) -> set[str]:
    """The rules of this page."""
    return {one for one in found if one.startswith(("qui-", "feuille-", "ordonnance"))}


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with new_practice(tmp_path / "cabinet", PRACTICE) as opened:
        yield opened


def secure(practice: Practice, *invoices: str) -> None:
    """They are secured, or the test stops."""
    result = securiser(practice, priced(practice, *invoices), le=JOUR)
    assert result.factures, [one.message for one in result.constats]


def sheet(practice: Practice, numero: int) -> Feuille:
    """The sheet that a document would be made of."""
    with practice.journal.reading() as reading:
        row = factures.find(reading, DOCTOR, numero)
        assert row is not None
        return read_sheet(reading, practice.cabinet, row, "copie")


def test_the_sheet_of_an_employee_names_the_employer_first_and_says_that_he_is_employed(practice: Practice) -> None:
    secure(practice, visit("V-1", executant=EMPLOYED, signe=(EMPLOYED, DOCTOR)))
    one = sheet(practice, 1)
    assert (one.prestataire.numero, one.prestataire.nom) == (DOCTOR, "DR CAMILLE ESSAI")
    assert [(each.numero, each.nom, each.role) for each in one.executants] == [(EMPLOYED, "DR ALIX SALARIE", "salarie")]
    (line,) = one.facture.prestations
    assert (line.executant, line.statut_executant, line.honoraires, line.montant_amo) == (EMPLOYED, "S", 3000, 2100)


def test_an_employed_nurse_is_priced_as_a_nurse_on_the_sheet_of_the_doctor(practice: Practice) -> None:
    both = f"<signatures><execution>{NURSE}</execution><acquit>{DOCTOR}</acquit></signatures>"
    signed = f"<executant>{NURSE}</executant>{both}"
    secure(practice, facture("V-1", seance(ami("4"), before=signed), prescription=PRESCRIPTION))
    (line,) = sheet(practice, 1).facture.prestations
    assert (line.code_acte, line.honoraires, line.montant_amo) == ("AMI", 1260, 756)
    (priced_one,) = coter(practice.cabinet, [document(facture("V-9", seance(ami("4"), before=signed)))])
    assert priced_one.document is not None
    whole = complete(priced_one.document.factures[0], 9, practice.cabinet)
    assert [one.specialite_executant for one in whole.prestations] == ["24"]
    ended = seance(ami("4"), jour="2026-11-02", before=signed)
    assert "lettre-de-la-profession" in told(practice, facture("V-2", ended, prescription=PRESCRIPTION))
    unsigned = seance(ami("4"), before=f"<executant>{NURSE}</executant>")
    assert told(practice, facture("V-3", unsigned, prescription=PRESCRIPTION)) == {"qui-deux-attestations"}


@pytest.mark.parametrize(
    ("invoice", "expected"),
    [
        (visit("V-1", executant=EMPLOYED, signe=(EMPLOYED, DOCTOR)), set()),
        (visit("V-1", executant=EMPLOYED), {"qui-deux-attestations"}),
        (visit("V-1", executant=EMPLOYED, signe=(EMPLOYED, DOCTOR), jour="2025-12-31"), {"feuille-acquit-personnel"}),
        (
            visit("V-1", executant=EMPLOYED, signe=(EMPLOYED, DOCTOR), billing=OTHER),
            {"qui-employeur-d-abord", "feuille-acquit-personnel"},
        ),
        (visit("V-1", executant=OTHER), {"feuille-acquit-personnel"}),
        (visit("V-1", remplacant=STANDIN, jour=WEDNESDAY), set()),
        (visit("V-1", remplacant=STANDIN, executant=STANDIN, jour=WEDNESDAY), set()),
        (visit("V-1", remplacant=STANDIN, jour=THURSDAY), {"qui-remplacant-declare"}),
        (visit("V-1", jour=WEDNESDAY), {"qui-remplace-s-abstient"}),
        (visit("V-1", jour="2026-09-30"), set()),
        (visit("V-1", executant=DOCTOR, remplacant=STANDIN, jour=WEDNESDAY), {"qui-remplace-s-abstient"}),
        (
            visit("V-1", remplacant=OTHER, jour=WEDNESDAY),
            {"qui-remplacant-declare", "qui-hors-convention-ne-remplace-pas"},
        ),
        (
            visit("V-1", remplacant=STANDIN, billing=OTHER, jour=WEDNESDAY),
            {"qui-remplacant-declare", "qui-hors-convention-non-remplace"},
        ),
        (visit("V-1", hospitalisation=True), {"feuille-hospitalisation"}),
        (visit("V-1", hospitalisation=True, mode="s3404"), set()),
        (visit("V-1", mode="s3404"), {"feuille-s3404"}),
        (
            visit("V-1", executant=EMPLOYED, signe=(EMPLOYED, DOCTOR), acte=above("DE")),
            {"qui-salarie-tarifs-opposables"},
        ),
        (visit("V-1", acte=above("DE")), set()),
        (
            visit("V-1", remplacant=STANDIN, jour=WEDNESDAY, acte=above("DP")),
            {"qui-remplacant-sans-droit-permanent"},
        ),
        (visit("V-1", acte=with_fact("non_remboursable")), {"feuille-acte-non-remboursable"}),
        (visit("V-1", acte=with_fact("gratuit"), signe=(DOCTOR, DOCTOR)), {"feuille-acquit-paye"}),
        (visit("V-1", acte=with_fact("gratuit")), set()),
        (visit("V-1", acte=PRESCRIBED.format("<medicaments>1</medicaments><biologie>1</biologie>")), {KINDS}),
        (visit("V-1", acte=PRESCRIBED.format("<biologie>1</biologie><double>0</double>")), {"ordonnance-en-double"}),
        (visit("V-1", acte=PRESCRIBED.format("<biologie>1</biologie>")), set()),
    ],
)
def test_who_may_bill_what(practice: Practice, invoice: str, expected: set[str]) -> None:
    assert of_who_bills(told(practice, invoice)) == expected


def test_a_replacement_that_the_journal_shows_keeps_the_replaced_from_billing(tmp_path: Path) -> None:
    """Whichever of the two sheets comes second is refused, the description saying nothing of that day any more."""
    with new_practice(tmp_path / "un", PRACTICE) as first:
        secure(first, visit("V-1", remplacant=STANDIN, jour=WEDNESDAY))
    text = (tmp_path / "un" / "cabinet.toml").read_text(encoding="utf-8")
    (tmp_path / "un" / "cabinet.toml").write_text(text.replace('"mercredi", ', ""), encoding="utf-8")
    with reopen(tmp_path / "un") as later:
        own = visit("V-2", patient=1, jour=WEDNESDAY)
        assert of_who_bills(told(later, own)) == {"qui-remplace-s-abstient"}
        result = securiser(later, priced(later, own), le=JOUR)
        assert not result.factures
        (refused,) = [one for one in result.constats if one.code == "ngap.qui-remplace-s-abstient"]
        assert f"{DOCTOR} est remplacé par {STANDIN} le 16/09/2026" in refused.message
        assert "article 32" in refused.source
        secure(later, visit("V-3", patient=1, jour=THURSDAY))
        standing = visit("V-4", patient=2, remplacant=STANDIN, jour=THURSDAY)
        assert of_who_bills(told(later, standing)) == {"qui-remplace-a-exerce", "qui-remplacant-declare"}


def test_free_care_is_secured_for_nothing_and_its_sheet_says_so(practice: Practice) -> None:
    cardiogram = "<acte><acte>electrocardiogramme</acte><prix>1426</prix><gratuit>1</gratuit></acte>"
    secure(practice, visit("V-1", acte=with_fact("gratuit")), visit("V-2", acte=G + cardiogram, patient=1))
    one = sheet(practice, 1)
    (line,) = one.facture.prestations
    assert (line.prix_unitaire, line.base, line.montant_amo, line.honoraires, line.qualificatif) == (3000, 0, 0, 0, "G")
    assert one.acte_gratuit
    assert not sheet(practice, 2).acte_gratuit


def test_lines_without_care_are_judged_by_who_did_them(practice: Practice) -> None:
    """A software that gives lines, and no fact of the visit."""
    bare = plain.facture("V-1", destinataire="05", lignes=(plain.prestation(amc=False),))
    given = bare.replace(str(JOUR), WEDNESDAY)
    assert told(practice, given) == {"qui-remplace-s-abstient"}
    replaced = given.replace("<prestataire>", f"<remplacant>{STANDIN}</remplacant><prestataire>", 1)
    assert told(practice, replaced) == set()
    secure(practice, replaced)
    assert told(practice, replaced.replace("V-1", "V-2").replace(WEDNESDAY, THURSDAY)) == {"qui-remplacant-declare"}
    employed = bare.replace("<date_soins>", f"<executant>{EMPLOYED}</executant><date_soins>", 1)
    assert told(practice, employed) == set()
    (result,) = coter(practice.cabinet, [document(given)])
    (refused,) = [one for one in result.constats if one.is_error]
    assert refused.message.startswith("Facture « V-1 », ligne 1 : 001234566 est remplacé par 002345676")
    assert refused.place.champ == "prestation[1]/executant"


def test_a_day_between_two_periods_of_practice_is_of_no_sector(tmp_path: Path) -> None:
    """Sector 2 up to the 16th, 1 from the 18th on: of the 17th nothing is known, and nothing is supposed."""
    periods = f"""
[[exercices]]
prestataire = "{DOCTOR}"
debut = 2020-01-01
fin = 2026-09-16
secteur = "2"

[[exercices]]
prestataire = "{DOCTOR}"
debut = 2026-09-18
secteur = "1"
"""
    with new_practice(tmp_path / "cabinet", PRACTICE + periods) as opened:
        assert told(opened, visit("V-1", jour=THURSDAY)) == {"qui-exercice-declare"}
        assert told(opened, visit("V-1", jour="2026-09-18")) == set()
        assert told(opened, visit("V-1", jour="2026-09-15", acte=above("libre"))) == set()
        bare = plain.facture("V-1", destinataire="05", lignes=(plain.prestation(amc=False),))
        assert told(opened, bare.replace(str(JOUR), THURSDAY)) == {"qui-exercice-declare"}
        (result,) = coter(opened.cabinet, [document(visit("V-1", acte=above("libre")))], opened)
        (libre,) = [one for one in result.constats if one.code == "ngap.honoraires-libres-secteur"]
        assert "en secteur non déclaré ce jour-là" in libre.message


@pytest.mark.parametrize(
    ("situation", "declared", "who", "expected"),
    [
        ("cabinet-du-medecin-traitant", DOCTOR, EMPLOYED, set()),
        ("cabinet-du-medecin-traitant", EMPLOYED, "", set()),
        ("cabinet-du-medecin-traitant", OTHER, "", {"parcours-cabinet"}),  # another speciality
        ("medecin-traitant", DOCTOR, EMPLOYED, {"parcours-au-nom-du-medecin-traitant"}),
        ("remplacant-du-medecin-traitant", OTHER, "", {"parcours-remplacant"}),
    ],
)
def test_who_stands_for_the_declared_doctor_is_one_whom_the_practice_knows(
    practice: Practice, situation: str, declared: str, who: str, expected: set[str]
) -> None:
    text = visit("V-1", executant=who, signe=(EMPLOYED, DOCTOR) if who else ("", ""))
    card = f"</identite_beneficiaire><medecin_traitant>{declared}</medecin_traitant>"
    text = text.replace("<soins>", f"<soins><parcours><situation>{situation}</situation></parcours>", 1)
    assert told(practice, text.replace("</identite_beneficiaire>", card, 1)) == expected


def test_names_come_from_where_the_practice_says_them(practice: Practice) -> None:
    told = [name_of(practice.cabinet, one) for one in (DOCTOR, EMPLOYED, STANDIN, "009876541")]
    assert told == [("DR CAMILLE ESSAI", "01"), ("DR ALIX SALARIE", "01"), ("DR SACHA REMPLACANT", ""), ("", "")]


def test_the_lines_of_a_day_are_read_once_for_a_document(practice: Practice) -> None:
    """Whatever the number of invoices without care, and whatever the journal already holds of their patients."""
    read: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        if "FROM soin" in statement:
            read.append(statement)

    event.listen(practice.journal.engine, "before_cursor_execute", note)
    for named in ("A", "B"):
        read.clear()
        entree = document(*(plain.facture(f"{named}-{rank}", patient=rank % 4) for rank in range(6)))
        assert securiser(practice, entree, le=JOUR).factures
        assert len(read) == 1
