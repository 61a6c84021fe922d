"""A file of indicators against a journal: performance pay, lump sums of the returns, contributions; what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from fse.app.cli.incitation_pay import pay_json, print_pay
from fse.app.operations.incitation.contributions import billed
from fse.app.operations.incitation.declaration import read_declaration
from fse.app.operations.incitation.revenus import Revenus, revenus
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.base.errors import UsageError
from fse.base.money import format_euros
from fse.norm.codec.noemie.building import build
from fse.norm.model import DetailForfait, ForfaitRetour, TypeRetour
from fse.norm.referentiels.profils import SANS_PROFIL, ValeurPropre
from tests.app.cabinet import JOUR, PRESTATAIRE, document, facture, new_practice, prestation
from tests.app.emitted import emitted_practice, receive, retour
from tests.app.incitation.scene import REMPLACANT
from tests.each import each

LE = date(2026, 10, 31)
EXEMPLE = Path(__file__).parents[3] / "fixtures" / "incitation" / "indicateurs.toml"

VERSEMENTS = f"""
prestataire = "{PRESTATAIRE}"
annee = 2026

[codes]
ald = ["ALD01"]

[[versements]]
nature = "ald"
trimestre = 3
patients = 5

[[versements]]
nature = "ald"
trimestre = 4
patients = 12

[[versements]]
nature = "pdsa-astreinte"
libelle = "Astreintes de septembre"
montant = 45_000
debut = 2026-09-01
fin = 2026-09-30
verse_du = 2026-10-01
verse_au = 2026-11-30
codes = ["AST01"]

[[versements]]
nature = "sophia"
debut = 2026-01-01
fin = 2026-12-31
verse_du = 2026-10-01
verse_au = 2026-12-31
codes = ["SOP01"]

[[versements]]
nature = "autre"
libelle = "Forfait promis"
montant = 30_000
debut = 2026-01-01
fin = 2026-06-30
verse_au = 2026-09-30

[cotisations]
statut = "liberal"
secteur = "1"
honoraires = 9_000_000
plafond = 4_806_000
asv = 0
"""
"""The quarter that has ended, the one that runs, a duty forfait, an amount that no source gives, a promise."""


def lump(code: str, montant: int, debut: date | None = None, fin: date | None = None) -> ForfaitRetour:
    detail = DetailForfait(libelle="PERIODE", date_debut=debut, date_fin=fin, montant=montant)
    return ForfaitRetour(code_paiement=code, montant=montant, details=(detail,))


RECUS = (
    lump("ALD01", 20_000, date(2026, 7, 1), date(2026, 9, 30)),
    lump("ALD01", 40_000),
    lump("AST01", 40_000, date(2026, 9, 1), date(2026, 9, 30)),
    lump("SOP01", 3_300),
    lump("INC01", 1_234),
)


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A doctor whose return announces five lump sums beside the invoices."""
    (groupe,) = retour().groupes
    kind = TypeRetour(code_retour="03", lieu_execution=groupe.beneficiaire_reglement, forfaits=RECUS)
    content = build(replace(retour(), groupes=(replace(groupe, retours=(*groupe.retours, kind)),)))
    with emitted_practice(tmp_path_factory.mktemp("revenus") / "cabinet") as opened:
        (one,) = receive(opened, content)
        assert one.verdict == "recu"
        (prestataire,) = opened.cabinet.prestataires
        doctor = replace(prestataire, profession="medecin")
        yield replace(opened, cabinet=replace(opened.cabinet, prestataires=(doctor,)))


def asked(practice: Practice, text: str, *, le: date = LE) -> Revenus:
    return revenus(practice, read_declaration(text.encode()), le=le)


def test_lump_sums_of_the_returns_answer_what_is_expected(practice: Practice) -> None:
    result = asked(practice, VERSEMENTS)
    told = [
        (one.attendu.nature, one.attendu.montant, one.recu, one.ecart, one.etat, [link for _, link in one.recus])
        for one in result.versements.lignes
        if one.attendu.nature != "teletransmission"
    ]
    assert told == [
        ("ald", 20_000, 20_000, 0, "en-regard", ["periode"]),  # 5 × 40 €
        ("ald", 48_000, 40_000, -8_000, "en-regard", ["code"]),  # 12 × 40 €
        ("pdsa-astreinte", 45_000, 40_000, -5_000, "partiel", ["periode"]),
        ("sophia", None, 3_300, None, "recu", ["code"]),
        ("autre", 30_000, 0, -30_000, "en-retard", []),
    ]
    left = [("ALD01", 20_000), ("ALD01", 40_000), ("INC01", 1_234)]
    assert [(one.code, one.montant) for one in result.versements.autres] == left
    assert result.versements.total("en-vigueur") == (75_000, 40_000)
    assert result.versements.total("projet") == (68_035, 60_000)  # with the 0,35 € of the next March


def test_the_draft_lump_sum_is_an_exercise_until_a_profile_gives_one(practice: Practice) -> None:
    first = asked(practice, VERSEMENTS).versements.lignes
    assert [one.attendu.fondement for one in first if one.attendu.nature == "ald"] == ["projet", "projet"]
    own = ValeurPropre(nom="ald_medecin_traitant", valeur=4200, debut=date(2020, 1, 1), source="relevé")
    profil = replace(SANS_PROFIL, nom="essai", valeurs=(own,))
    lines = asked(replace(practice, cabinet=replace(practice.cabinet, profil=profil)), VERSEMENTS).versements.lignes
    told = [(one.attendu.fondement, one.attendu.montant) for one in lines if one.attendu.nature == "ald"]
    assert told == [("en-vigueur", 21_000), ("en-vigueur", 50_400)]


ALD_2011 = """
prestataire = "001234566"
annee = 2011
[[versements]]
nature = "ald"
trimestre = 3
patients = 10
[[versements]]
nature = "ald"
trimestre = 1
patients = 10
montant = 41_000
[[versements]]
nature = "ald"
trimestre = 4
patients = 0
"""


def test_before_the_draft_a_patient_has_no_amount(practice: Practice) -> None:
    """It is of 7 July 2011, in the third quarter; an amount in the file needs no value."""
    lines = [one for one in asked(practice, ALD_2011).versements.lignes if one.attendu.nature == "ald"]
    told = [(one.attendu.montant, one.attendu.fondement, one.etat) for one in lines]
    assert told == [
        (None, "en-vigueur", "en-retard"),
        (41_000, "en-vigueur", "en-retard"),
        (0, "projet", "exercice"),
    ]


def test_contributions_are_set_on_the_fees_and_the_duty_forfaits_received(practice: Practice) -> None:
    found = asked(practice, VERSEMENTS).cotisations
    assert found is not None
    assert (found.assiette.base, found.assiette.forfaits) == (9_040_000, 40_000)
    # 90 400 € × 9.7 %; 48 060 € × 5 % + 42 340 € × 2.9 %; nothing of a contribution of 0 €
    assert [one.montant for one in found.parts] == [876_880, 240_300 + 122_786, 0]


def test_fees_that_the_file_does_not_give_are_those_of_the_journal(practice: Practice) -> None:
    """Six invoices of 30 €, the third with a line of 10 € more; nothing above its base."""
    result = asked(practice, VERSEMENTS.replace("honoraires = 9_000_000\n", ""))
    assert result.cotisations is not None
    assert result.honoraires_comptes == result.cotisations.assiette.honoraires == 19_000
    assert asked(practice, VERSEMENTS).honoraires_comptes == 19_000
    assert asked(practice, VERSEMENTS.replace("annee = 2026", "annee = 2025")).honoraires_comptes == 0


def test_duty_forfaits_that_no_return_announced_are_in_the_file(practice: Practice) -> None:
    found = asked(practice, VERSEMENTS + "forfaits_hors_retours = 100_000\n").cotisations
    assert found is not None
    assert (found.assiette.base, found.assiette.forfaits) == (9_140_000, 40_000)


def test_a_share_of_the_permanent_right_to_overruns_is_not_made_up(
    practice: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    print_pay(asked(practice, VERSEMENTS.replace('secteur = "1"', 'secteur = "dp"')))
    assert "Aucune part n'est calculée : le projet ne le dit pas" in capsys.readouterr().out


def test_overruns_are_left_out_and_an_option_counts_opposable_lines_alone(tmp_path: Path) -> None:
    """A line of 30 € at its tariff, and one of 40 € on a base of 30 €; 30 € more were those of who replaces."""
    replaced = facture("V-3", before=f"<remplacant>{REMPLACANT}</remplacant>")
    above = prestation().replace(
        "<honoraires>3000</honoraires>", "<honoraires>4000</honoraires><qualificatif>E</qualificatif>"
    )
    with new_practice(tmp_path / "cabinet") as practice:
        done = securiser(
            practice, document(facture("V-1"), facture("V-2", patient=1, lignes=(above,)), replaced), le=JOUR
        )
        assert len(done.factures) == 3, [one.message for one in done.constats]
        with practice.journal.reading() as reading:
            told = [billed(reading, PRESTATAIRE, secteur, 2026) for secteur in ("1", "option-coordination")]
    assert told == [6_000, 3_000]


def test_what_the_schemes_give_is_expected_the_next_year(practice: Practice) -> None:
    """Five FSE received, 6 acts of 7: the draft gives 5 × 0,07 €, in March; a year without care, nothing."""
    expected = [
        (one.attendu.montant, one.attendu.du, one.attendu.au, one.attendu.fondement, one.etat)
        for one in asked(practice, VERSEMENTS).versements.lignes
        if one.attendu.nature == "teletransmission"
    ]
    assert expected == [(35, date(2027, 3, 1), date(2027, 3, 31), "projet", "exercice")]
    before = asked(practice, VERSEMENTS.replace("annee = 2026", "annee = 2025"))
    assert all(one.attendu.nature != "teletransmission" for one in before.versements.lignes)


def test_the_example_is_explained_line_by_line(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    result = asked(practice, EXEMPLE.read_text(encoding="utf-8"))
    pay = result.remuneration
    assert pay is not None
    # list of 640 patients: quality items weigh 0.8. 25/40 = 62.5 %: 1/2 + 1/2 × 8.5/11 = 39/44
    assert {one.indicateur.nom: (one.cas, one.points) for one in pay.lignes if one.mesure} == {
        "dossier-medical": ("rempli", 50),
        "synthese-annuelle": ("rempli", 80),
        "hba1c-dosages": ("au-dela-intermediaire", Fraction(234, 11)),
        "vasodilatateurs": ("cible", 24),
        "benzodiazepines-duree": ("sans-cible", None),
        "statines-generiques": ("neutralise", None),
    }
    assert (pay.points, pay.points_au_plus) == (Fraction(1928, 11), Fraction(2192, 11))
    assert (pay.montant, pay.montant_au_plus) == (122_691, 139_491)  # 1 226.909 € and 1 394.909 €
    assert result.option is not None
    assert [one.suite for one in result.option.trimestres] == ["respecte"]
    print_pay(result)
    printed = capsys.readouterr().out
    for text in (
        "projet du 07/07/2011, non en vigueur : à titre d'exercice, non versé",
        "30 points × 39/44 (88,63 %) × 4/5 (patientèle)",
        "mesuré 62,50 % sur 40 ; initial 50,00 % ; intermédiaire 54,00 % ; cible 65,00 %",
        "seuil minimal non atteint : ni gain ni perte (mesuré 68,96 % sur 29 ; cible 70,00 % ; seuil de 30",
        "objectif cible laissé en blanc : pas de résultat",
        f"de {format_euros(122_691)} à {format_euros(139_491)}",
        "protocoles de soins électroniques : 31 sur 40 (77,50 %)",
        "trimestre 1 : clinique 75,00 %, technique 30,00 % : engagement respecté",
    ):
        assert text in printed


def test_the_same_is_given_as_data(practice: Practice) -> None:
    told = json.loads(json.dumps(pay_json(asked(practice, EXEMPLE.read_text(encoding="utf-8")))))
    assert told["remuneration"]["points"] == {"numerateur": 1928, "denominateur": 11}
    assert (told["remuneration"]["montant"], told["remuneration"]["en_projet"]) == (122_691, True)
    assert told["cotisations"]["total"] == 873_000 + 337_381 + 287_971
    assert [one["etat"] for one in told["versements"]] == ["exercice", "exercice", "en-retard"]
    assert [one["fondement"] for one in told["versements"]] == ["projet", "projet", "en-vigueur"]
    assert told["option"]["trimestres"][0]["mesures"][1]["ratio"] == {"numerateur": 3, "denominateur": 10}


def test_an_option_is_told_by_its_own_articles(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    said = 'prestataire = "001234566"\nannee = 2012\n[option]\nnom = "{}"\n'
    quarter = '[[option.trimestres]]\ntrimestre = {}\nactivite = "{}"\nsans_depassement = {}\ntotal = 10\n'
    optional = [quarter.format(number, "ensemble", 2) for number in (1, 2)]
    print_pay(asked(practice, said.format("secteur-optionnel") + "".join(optional)))
    printed = capsys.readouterr().out
    assert "trimestre 1 : ensemble 20,00 % : en dessous : la caisse avertit (article 49)" in printed
    assert "la caisse peut résilier (article 51)" in printed
    print_pay(asked(practice, said.format("option-coordination") + quarter.format(1, "technique", 3)))
    assert "technique 30,00 % : rien ne se conclut sans : clinique" in capsys.readouterr().out


def test_a_table_known_from_memory_is_never_due(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    """75 points of 7 €, in the year that follows, which is over."""
    item = '[[remuneration.indicateurs]]\nnom = "teletransmission"\nrempli = true\n'
    head = 'prestataire = "001234566"\nannee = 2012\n[remuneration]\nbareme = "convention-2011"\npatients = 800\n'
    result = asked(practice, head + item)
    told = [(one.attendu.fondement, one.attendu.montant, one.etat) for one in result.versements.lignes]
    assert told == [("a-verifier", 52_500, "non-recu")]
    assert [result.versements.total(one) for one in ("en-vigueur", "a-verifier")] == [(0, 0), (52_500, 0)]
    print_pay(result)
    printed = capsys.readouterr().out.partition("Versements attendus")[2]
    assert "en retard" not in printed
    assert f"Ensemble (à vérifier : ce montant n'est pas sûr) : calculé {format_euros(52_500)}, en regard" in printed
    assert "Ensemble : attendu" not in printed


def test_the_final_table_is_asked_by_its_name_and_told_unverified(
    practice: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    text = EXEMPLE.read_text(encoding="utf-8").replace('bareme = "projet-2011"', 'bareme = "convention-2011"')
    cut = text[: text.index("[[remuneration.indicateurs]]")] + text[text.index("# --- Téléservices") :]
    result = asked(practice, cut)
    print_pay(result)
    assert "barème de mémoire, à vérifier : aucun montant n'en est sûr" in capsys.readouterr().out
    with pytest.raises(UsageError, match=r"incitation\.bareme") as refused:
        asked(practice, cut.replace("annee = 2012", "annee = 2017"))
    assert "ne s'applique pas" in refused.value.message


def test_another_profession_has_no_performance_pay(practice: Practice) -> None:
    (prestataire,) = practice.cabinet.prestataires
    nurse = replace(
        practice, cabinet=replace(practice.cabinet, prestataires=(replace(prestataire, profession="infirmier"),))
    )
    with pytest.raises(UsageError, match=r"incitation\.bareme"):
        asked(nurse, EXEMPLE.read_text(encoding="utf-8"))


def test_a_user_who_does_not_see_the_professional_is_refused(practice: Practice) -> None:
    with pytest.raises(UsageError, match=r"utilisateur\.autre_praticien"):
        revenus(practice, read_declaration(VERSEMENTS.encode()), le=LE, praticiens=("007654320",))
    with pytest.raises(UsageError, match=r"praticien\.inconnu"):
        asked(practice, VERSEMENTS.replace(PRESTATAIRE, "007654320"))


def of_pay(*lines: str, bareme: str = "projet-2011") -> str:
    head = ('prestataire = "001234566"', "annee = 2020", "[remuneration]", f'bareme = "{bareme}"', "patients = 800")
    return "\n".join((*head, *lines))


def of_item(*lines: str, bareme: str = "projet-2011") -> str:
    return of_pay("[[remuneration.indicateurs]]", *lines, bareme=bareme)


OUVERT = ('nom = "x"', 'libelle = "X"', 'genre = "hausse"', "mesure = 50", "effectif = 10", "cible = 60")


@each(
    "text,told",
    {
        "no TOML": ("prestataire = ", "ne se lit pas"),
        "whose": ("annee = 2012", "« prestataire » manque"),
        "no year": ('prestataire = "001234566"', "« annee » manque"),
        "unknown key": (of_pay("patiens = 3"), "« patiens » n'est pas connue"),
        "negative": (of_pay().replace("800", "-1"), "« patients » est un entier"),
        "boolean": (of_pay().replace("800", "true"), "« patients » est un entier"),
        "table": (of_pay(bareme="autre"), "« bareme » est l'un de"),
        "point": (of_pay("valeur_point = 800", bareme="convention-2011"), "déjà la valeur du point"),
        "indicator": (of_item('nom = "autre"'), "n'a pas d'indicateur « autre »"),
        "met or not": (of_item('nom = "dossier-medical"'), "« rempli » manque"),
        "measured on how many": (of_item('nom = "iec"', "mesure = 50"), "« effectif » manque"),
        "no number": (of_item('nom = "iec"', "mesure = nan", "effectif = 60"), "« mesure » est un pour"),
        "printed": (of_item('nom = "iec"', "mesure = 5", "effectif = 60", "cible = 60"), "« cible » : 65,00 %"),
        "order": (of_item('nom = "iec"', "mesure = 5", "effectif = 60", "intermediaire = 65"), "pas avant sa cible"),
        "twice": (of_item('nom = "iec"', "numerateur = 5", "denominateur = 9", "mesure = 5"), "« mesure » n'est"),
        "above the total": (of_item(*OUVERT, "points = 306", bareme="pediatres-2016"), "306 points"),
        "payment code": (VERSEMENTS.replace("ALD01", "ALD001"), "5 capitales"),
        "blank payment code": (VERSEMENTS.replace("ALD01", " "), "5 capitales"),
        "year": ('prestataire = "001234566"\nannee = 2080', "de 2000 à 2079"),
        "day": (VERSEMENTS.replace("verse_au = 2026-12-31", "verse_au = 9999-12-31"), "de 2000 à 2079"),
        "kind of acts": (
            EXEMPLE.read_text(encoding="utf-8").replace('"technique"', '"ensemble"'),
            "« activite » est l'un de",
        ),
        "quarter": (VERSEMENTS.replace("trimestre = 3", "trimestre = 5"), "va de 1 à 4"),
        "nature of codes": (VERSEMENTS.replace("ald =", "dla ="), "« dla » n'est pas connue"),
        "counted by us": (VERSEMENTS.replace('"sophia"', '"teletransmission"'), "« montant » manque"),
        "above a hundred": (
            of_item('nom = "iec"', "numerateur = 61", "denominateur = 60"),
            "dépasse 100 %",
        ),
        "period": (VERSEMENTS.replace("2026-09-30", "2026-08-01", 1), "finit avant"),
        "no default ceiling": (VERSEMENTS.replace("plafond = 4_806_000\n", ""), "« plafond » manque"),
        "no default flat contribution": (VERSEMENTS.replace("asv = 0\n", ""), "« asv » manque"),
    },
)
def test_a_file_that_does_not_hold_together_says_where(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=r"incitation\.indicateurs") as refused:
        read_declaration(text.encode())
    assert told in refused.value.message


def test_a_payment_code_may_be_short() -> None:
    read = read_declaration(b'prestataire = "001234566"\nannee = 2024\n[codes]\nteletransmission = ["FSA"]\n')
    assert read.codes == {"teletransmission": frozenset({"FSA"})}
