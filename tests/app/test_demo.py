"""The demo: its transfers are recomputed from the fixtures by a script that knows nothing of `fse`."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from fse.app.cli import run
from tests.each import each
from tests.oracles import demo_transfers, noemie_oracle


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp("demo") / "sortie"
    out = io.StringIO()
    with redirect_stdout(out):
        assert run(["demo", "--sortie", str(folder)]) == 0
    return out.getvalue(), folder


def test_each_transfer_is_the_one_recomputed_from_the_fixtures(told: tuple[str, Path]) -> None:
    text, folder = told
    announced = sorted(
        amount
        for path in (folder / "caisse").glob("*.noe")
        for *_, amount in noemie_oracle.transfer_amounts(path.read_bytes())
    )
    paid = sorted(demo_transfers.transfers().values())
    assert announced == [0, *paid] == [0, 9700, 11400]  # the rejected invoice is alone in the answer to its lot
    for euros in ("97,00", "114,00"):
        assert euros in text


WORDS = (
    "pas un logiciel agréé",
    "facture 000000001 : AMO payée (21,00\u202f€ sur 21,00\u202f€), AMC payée (9,00\u202f€ sur 9,00\u202f€)",
    "998-4RZ259.arl.p7m : déjà relevé",
    "lot 001 du 05/10/2026 : accusé positif",
    "à renvoyer tel quel : fichier 00000001234566-000003 prêt",
    "facture 000000007 part AMO : 21,00\u202f€",
    "motif 0250 (facture) : ASSURE INCONNU DE LA CAISSE",
    "facture 000000008 part AMC : 9,00\u202f€, depuis 20 jours",
    "demandé en tiers payant : 281,00\u202f€ ; payé : 211,00\u202f€ ; reste : 70,00\u202f€",
    "soins-2026-10.xml : 8 factures, 569,90\u202f€",
    "lot 001 du 31/10/2026, praticien 006001234 : 8 factures, 569,90\u202f€, signé",
    "lot 001 du 31/10/2026, praticien 008001232 : 8 factures, 1\u202f110,54\u202f€, signé",
    "soins-2026-10.xml : 25 factures, 1\u202f111,74\u202f€",
    "lot 001 du 31/10/2026, praticien 001002005 : 23 factures, 1\u202f051,74\u202f€, signé",
    "lot 002 du 31/10/2026, praticien 001002005 : 2 factures, 60,00\u202f€, signé",
    "Taux : 100,00 % = 10 en FSE reçues / 10 actes ; seuil de 75 % atteint",
    "Montant au 26/10/2026 : 0,70\u202f€ = 10 FSE reçues × 0,07\u202f€",
    "000000011  V-1011  06/10/2026  acte 1 VG  mode S : accusé de réception positif",
)


@each("words", {words: words for words in WORDS})
def test_it_says_what_was_paid_rejected_and_never_answered(told: tuple[str, Path], words: str) -> None:
    assert words in told[0]


def test_it_ends_on_the_page_and_says_where(told: tuple[str, Path]) -> None:
    text, folder = told
    page = folder / "incitation.html"
    last = text.rstrip().splitlines()[-3:]
    assert last[0] == f"La même chose avec la courbe de l'année, à ouvrir dans un navigateur : {page}", last
    html = page.read_text(encoding="utf-8")
    assert "100,00 %" in html
    assert "V-1011" in html
    assert not any(one in html for one in ("1850975056000", "BERENGER", "Bérenger"))


@each("secret", {secret: secret for secret in ("1850975056000", "BERENGER", "Bérenger", "OEUVRARD")})
def test_no_nir_and_no_name_is_shown_or_kept_in_clear(told: tuple[str, Path], secret: str) -> None:
    text, folder = told
    assert secret not in text
    assert secret.encode() not in (folder / "journal.sqlite").read_bytes()


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "autre").touch()
    err = io.StringIO()
    with redirect_stderr(err):
        assert run(["demo", "--sortie", str(tmp_path)]) == 2
    assert "demo.dossier_occupe" in err.getvalue()


@pytest.mark.long
def test_the_same_story_as_data(tmp_path: Path) -> None:
    out = io.StringIO()
    with redirect_stdout(out):
        assert run(["demo", "--sortie", str(tmp_path), "--format", "json"]) == 0
    told = json.loads(out.getvalue())
    assert told["etapes"][-1]["resultats"][0]["page"] == str(tmp_path / "incitation.html")
    (suivi,) = next(step["resultats"] for step in told["etapes"] if "où en est" in step["titre"])
    assert (suivi["bilan"]["demande"], suivi["bilan"]["paye"]) == (28100, 21100)
    assert not any(secret in out.getvalue() for secret in ("1850975056000", "BERENGER", "ADH0000"))
