"""`fse incitation` as a practice calls it: the text, the data, the page, the file for the commission."""

from __future__ import annotations

import doctest
import json
import re
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from fse.app.operations.cabinet import load_cabinet
from fse.app.operations.incitation import phrases
from fse.app.operations.incitation.position import Dispositif, Incitations, Position
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.app.reports.incitation import courbe, write_page
from fse.domain.incitation.taux import count
from fse.norm.referentiels.incitations import incitations
from tests.app.cabinet import JOUR, PATIENTS, PRESTATAIRE, document, facture, put_journal, reopen, write_cabinet
from tests.app.incitation.scene import DOCTOR, acknowledge, emitted
from tests.app.reports import chromium
from tests.app.reports.page import words
from tests.app.reports.paper import pages
from tests.app.test_cli import Shell
from tests.domain.incitation.sheets import many
from tests.each import each

MIDWIFE, NURSE, UNDECLARED = "004567897", "006001234", "007654320"
OTHERS = "".join(
    f'\n[[prestataires]]\nnumero = "{numero}"\nnom = "{nom}"\nspecialite = "{specialite}"\n'
    f'cle = "praticien.p12"\n{more}'
    for numero, nom, specialite, more in (
        (MIDWIFE, "SAM ESSAI", "21", 'profession = "sage-femme"\n'),
        (NURSE, "SACHA ESSAI", "24", 'profession = "infirmier"\n'),
        (UNDECLARED, "LOU ESSAI", "28", ""),
    )
)
LE = ("--le", "2026-10-31")
DOCTOR_ONLY = ("--praticien", PRESTATAIRE, *LE)
SUGGESTED = re.compile(
    r"d[ée]coup|fractionn|scind|s[ée]par|r[ée]partir|d[ée]plac|report|antidat|postdat|modifier|dat(?:er|ez)\b"
    r"|d[ée]clar(?:er|ez)\b.*(?:AME|hors|nourrisson)|exclu(?:re|ez)|une autre (?:feuille|date)|plusieurs feuilles",
    re.IGNORECASE,
)
"""What no sentence may advise: splitting a sheet, moving a date, declaring an exclusion."""


def live(practice: Practice) -> None:
    """Seven FSE received of ten acts: 70 % exactly; one more, of state medical aid, is out."""
    aided = facture("V-8").replace("</contexte>", "<ame>true</ame></contexte>")
    acknowledge(practice, emitted(practice, *(facture(f"V-{one}") for one in range(1, 8)), aided), "P")
    securiser(practice, document(*(facture(f"P-{one}", mode="papier") for one in range(1, 4))), le=JOUR)


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    folder = tmp_path_factory.mktemp("incitation")
    write_cabinet(folder, DOCTOR + OTHERS)
    put_journal(folder)
    with reopen(folder) as practice:
        live(practice)
    return Shell(folder)


def test_it_tells_the_rate_how_it_is_made_and_what_would_change_it(shell: Shell) -> None:
    told = shell.ok("incitation", *DOCTOR_ONLY)
    for words_told in (
        "Incitations 2026, au 31/10/2026",
        "barème du projet de 2011, à titre d'exercice, non versé",
        "Taux : 70,00 % = 7 en FSE reçues / 10 actes",
        "seuil de 75 % non atteint, mais 70 % le sont : si l'année finit ainsi, la commission paritaire locale pourra",
        "être saisie ; ce n'est pas encore le taux de l'année, qui se mesure au 31/12/2026",
        "Activité du 01/01/2026 au 31/10/2026 : 11 actes = 7 en FSE reçues + 3 autrement + 1 hors du calcul",
        "autrement : feuille de soins sur papier (3)",
        "hors du calcul : aide médicale de l'État (1)",
        "Montant : 0,00\u202f€ tant que la caisse, après l'avis de la commission, n'en décide pas autrement",
        "Pour atteindre le seuil au plus tôt : 2 actes de suite en FSE reçues.",
        "Forfait structure : télétransmission, l'un des cinq prérequis : ne s'applique pas en 2026 (de 2017 à 2025)",
        "Méthode (la nôtre)",
    ):
        assert words_told in told


def test_every_act_is_listed_with_its_reason(shell: Shell) -> None:
    told = shell.ok("incitation", *DOCTOR_ONLY, "--detail").partition("\nDétail")[2]
    listed = re.findall(r"^    (\d{9}  [VP]-\d  .*)$", told, re.MULTILINE)
    assert len(listed) == len(set(listed)) == 11
    assert listed[0] == "000000001  V-1  05/10/2026  acte 1 G  mode S : accusé de réception positif"
    assert listed[7].endswith("P-1  05/10/2026  acte 1 G  mode papier : feuille de soins sur papier")
    assert listed[10] == "000000008  V-8  05/10/2026  acte 1 G  mode S : aide médicale de l'État"
    counts = [int(one) for one in re.findall(r"^  [A-ZÀ-Ý].* : (\d+)$", told, re.MULTILINE)]
    assert counts == [7, 3, 1, 11]


def test_whoever_no_scheme_concerns_is_told_so(shell: Shell) -> None:
    assert "Ne s'applique pas : fse ne connaît aucun dispositif" in shell.ok("incitation", "--praticien", MIDWIFE, *LE)
    assert "profession non déclarée" in shell.ok("incitation", "--praticien", UNDECLARED, *LE)
    nurse = shell.ok("incitation", "--praticien", NURSE, *LE)
    assert "Taux : sans objet" in nurse
    assert "ne s'applique pas en 2019 (depuis 2020)" in shell.ok(
        "incitation", "--praticien", NURSE, "--annee", "2019", *LE
    )


def test_the_same_as_data(shell: Shell) -> None:
    told = json.loads(shell.ok("incitation", *DOCTOR_ONLY, "--detail", "--format", "json"))
    (position,) = told["positions"]
    (scheme,) = position["dispositifs"]
    assert scheme["taux"] == {"numerateur": 7, "denominateur": 10, "affiche": "70,00 %"}
    assert (scheme["verdict"], scheme["activite"], scheme["fse_recues"], scheme["montant"]) == ("commission", 11, 8, 0)
    assert [one["fse"] for one in scheme["mois"]] == [0] * 9 + [7]
    (detail,) = told["detail"]
    assert [len(detail[name]) for name in ("fse", "autres", "exclues")] == [7, 3, 1]
    assert "detail" not in json.loads(shell.ok("incitation", *DOCTOR_ONLY, "--format", "json"))


def test_the_page_needs_nothing_else_and_says_the_same(shell: Shell) -> None:
    shell.ok("incitation", *LE, "--page", "incitation.html")
    html = (shell.folder / "incitation.html").read_text(encoding="utf-8")
    assert re.findall(r"(?:src|href)=\"(?!#)", html) == []
    assert "<script" not in html
    assert "default-src 'none'" in html
    said = words(html)
    for one in (
        "70,00 %",
        "seuil 75 %",
        "commission 70 %",
        "10/2026",
        "Ne s'applique pas",
        "feuille de soins sur papier",
    ):
        assert one in said
    assert 'points="522,66"' in html, "October, 70 % of 220 units from the bottom"
    again = (shell.folder / "incitation.html").read_bytes()
    shell.ok("incitation", *LE, "--page", "incitation.html")
    assert (shell.folder / "incitation.html").read_bytes() == again


def test_the_page_can_be_read_by_all(shell: Shell, tmp_path: Path) -> None:
    shell.ok("incitation", *LE, "--page", "vue.html")
    seen = chromium.audit(shell.folder / "vue.html", tmp_path, 500)
    assert len(seen["texts"]) > 30
    assert [one for one in seen["texts"] if one["ratio"] < one["wanted"]] == []
    assert seen["wide"] <= seen["width"], "a narrow window cuts nothing"
    assert [one for one in seen["stops"] if not (one["outline"] and one["seen"] and one["active"])] == []


def test_the_file_for_the_commission(shell: Shell) -> None:
    pytest.importorskip("weasyprint", exc_type=OSError)
    shell.ok("incitation", *DOCTOR_ONLY, "--dossier-cpl", "dossier.pdf")
    told = " ".join(" ".join(pages((shell.folder / "dossier.pdf").read_bytes())).split())
    for one in (
        "DR CAMILLE ESSAI",
        "Taux : 70,00 % = 7 en FSE reçues / 10 actes",
        "exactement : 7/10",
        "Dossier provisoire : l'année n'est pas finie. Il est compté au 31/10/2026",
        "non versé",
        "10/2026 7 3 1 70,00 % 70,00 %",
        "feuille de soins sur papier 3",
        "aide médicale de l'État 1",
        "000000009 P-1 05/10/2026",
    ):
        assert one in told, told


REFUSED = {
    "several": (LE, "incitation.un_praticien"),
    "no commission": (("--praticien", NURSE, *LE), "incitation.sans_commission"),
    "outside the band": (("--praticien", PRESTATAIRE, "--annee", "2025", *LE), "incitation.hors_bande"),
}


@each("arguments, code", REFUSED)
def test_there_is_no_file_without_a_commission(shell: Shell, arguments: tuple[str, ...], code: str) -> None:
    done = shell.run("incitation", *arguments, "--dossier-cpl", "non.pdf")
    assert (done.returncode, code in done.stderr) == (2, True), done.stderr
    assert not (shell.folder / "non.pdf").exists()


def test_nothing_personal_and_no_advice_to_cheat(shell: Shell) -> None:
    shell.ok("incitation", *LE, "--page", "tout.html")
    texts = [
        shell.ok("incitation", *LE, "--detail"),
        shell.ok("incitation", "--annee", "2025", *LE),
        shell.ok("incitation", "--help"),
        (shell.folder / "tout.html").read_text(encoding="utf-8"),
        *(path.read_text(encoding="utf-8") for path in _SOURCES),
    ]
    for text in texts:
        assert not any(secret in text for secret in (PATIENTS[0][0], "LEFEVRE", "Lefèvre"))
    for text in texts[:4]:
        assert not SUGGESTED.search(words(text) if text.startswith("<!") else text)
    for source in texts[4:]:
        for sentence in re.findall(r'"([^"]{12,})"', source):
            assert not SUGGESTED.search(sentence), sentence
    assert SUGGESTED.search("Séparer cette feuille en deux")


_SOURCES = [
    Path(__file__).parents[3] / "fse" / "app" / path
    for path in (
        "operations/incitation/phrases.py",
        "operations/incitation/versements.py",
        "cli/incitation_pay.py",
        "cli/incitation_versements.py",
    )
]


def test_the_day_is_that_of_the_count(shell: Shell) -> None:
    before = shell.ok("incitation", "--praticien", PRESTATAIRE, "--le", str(date(2026, 10, 4)))
    assert "Taux : sans objet" in before
    refused = shell.run("incitation", "--annee", "2027", *LE)
    assert (refused.returncode, "incitation.annee" in refused.stderr) == (2, True)


def test_what_is_there_is_never_replaced(shell: Shell) -> None:
    """Nor by the page nor by the file: a journal, a configuration, the page of another day."""
    shell.ok("incitation", "--annee", "2025", *LE, "--page", "ancienne.html")
    held = {nom: (shell.folder / nom).read_bytes() for nom in ("journal.sqlite", "cabinet.toml", "ancienne.html")}
    for option in ("--page", "--dossier-cpl"):
        for nom, content in held.items():
            done = shell.run("incitation", *DOCTOR_ONLY, option, nom)
            assert (done.returncode, "sortie.differente" in done.stderr) == (5, True), done.stderr
            assert "il n'est pas écrasé" in done.stderr
            assert (shell.folder / nom).read_bytes() == content
    done = shell.run("incitation", *DOCTOR_ONLY, "--page", "deux", "--dossier-cpl", "./deux")
    assert (done.returncode, "incitation.meme_fichier" in done.stderr) == (2, True), done.stderr
    assert not (shell.folder / "deux").exists()


def test_a_rule_of_memory_is_told_before_its_figures(shell: Shell) -> None:
    told = shell.ok("incitation", *DOCTOR_ONLY, "--annee", "2018")
    held = told.partition("Forfait structure")[2]
    assert (
        "! règle connue de mémoire, à vérifier : ni le seuil ni les années n'en sont sûrs" in held.partition("Taux")[0]
    )


def test_a_threshold_of_memory_is_not_shown_as_won(shell: Shell) -> None:
    """Three sheets of four in 2024: above the 2/3 that no text was read to state, and above the 7/10 of the nurses."""
    positions = {
        nom: Position(
            prestataire=PRESTATAIRE,
            nom="DR ESSAI",
            profession=profession,
            annee=2024,
            dispositifs=(
                Dispositif(
                    decompte=count(incitations()[nom], 2024, many(3, 1, date(2024, 5, 2)), date(2024, 12, 31)),
                    projection=None,
                ),
            ),
            hors=(),
        )
        for nom, profession in (("forfait-structure", "medecin"), ("fami-infirmiers", "infirmier"))
    }
    badges = {}
    for nom, position in positions.items():
        path = shell.folder / f"{nom}.html"
        told = Incitations(2024, date(2024, 12, 31), (position,))
        write_page(told, load_cabinet(shell.folder / "cabinet.toml"), path)
        html = path.read_text(encoding="utf-8")
        assert "75,00 %" in html
        badges[nom] = re.findall(r'<span class="marque (\w+)">([^<]*)<', html)
    assert badges == {"forfait-structure": [("proche", "à vérifier")], "fami-infirmiers": [("bien", "seuil atteint")]}


def test_sums_that_fse_does_not_count_are_told_apart(shell: Shell) -> None:
    nurse = shell.ok("incitation", "--praticien", NURSE, *LE).replace("\u202f", " ")
    assert "Non compté : Prise en charge coordonnée, 100,00 € de plus par an si l'indicateur" in nurse
    told = shell.ok("incitation", *DOCTOR_ONLY, "--annee", "2010").replace("\u202f", " ")
    assert "Non compté : Téléservices, 250,00 € de plus par an si au moins 75 %" in told
    assert "la version 1.40" in told


INDICATEURS = Path(__file__).parents[3] / "fixtures" / "incitation" / "indicateurs.toml"
OTHER_FILE = {
    "another year": (("--annee", "2026"), "incitation.deux_annees", "celle du fichier d'indicateurs 2012"),
    "the year 0": (("--annee", "0"), "incitation.deux_annees", "L'année demandée est 0"),
    "another professional": (
        ("--praticien", NURSE),
        "incitation.deux_praticiens",
        f"celui du fichier d'indicateurs {PRESTATAIRE}",
    ),
}


@each("arguments, code, words_told", OTHER_FILE)
def test_a_file_of_indicators_is_of_one_year_and_one_professional(
    shell: Shell, arguments: tuple[str, ...], code: str, words_told: str
) -> None:
    done = shell.run("incitation", *arguments, "--indicateurs", str(INDICATEURS), *LE)
    assert (done.returncode, code in done.stderr, words_told in done.stderr) == (2, True, True), done.stderr


def test_the_year_0_is_no_default(shell: Shell) -> None:
    done = shell.run("incitation", "--annee", "0", *LE)
    assert (done.returncode, "incitation.annee" in done.stderr) == (2, True), done.stderr


def test_the_page_says_that_it_is_of_the_rates_only(shell: Shell) -> None:
    told = shell.ok("incitation", "--indicateurs", str(INDICATEURS), *LE, "--page", "taux.html")
    assert "Elle ne dit que les taux : les revenus hors soins ci-dessus n'y sont pas." in told
    said = words((shell.folder / "taux.html").read_text(encoding="utf-8"))
    assert "Cette page ne dit que les taux" in said
    assert "ne dit que les taux" not in shell.ok("incitation", *LE, "--page", "autre.html")


def test_a_file_of_indicators_is_told_after(shell: Shell) -> None:
    """What it says is for tests/domain/incitation; here, that the command reads it and says both."""
    (shell.folder / "indicateurs.toml").write_bytes(INDICATEURS.read_bytes())
    told = shell.ok("incitation", "--indicateurs", "indicateurs.toml", *LE)
    assert told.index("Incitations 2012") < told.index("Revenus hors soins de 2012")
    data = json.loads(shell.ok("incitation", "--indicateurs", "indicateurs.toml", "--format", "json", *LE))
    assert data["revenus"]["annee"] == data["annee"] == 2012


@pytest.mark.parametrize("module", [phrases, courbe])
def test_the_examples(module: ModuleType) -> None:
    results = doctest.testmod(module)
    assert (results.failed, results.attempted >= 1) == (0, True)
