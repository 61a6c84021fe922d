"""The tables beside the morning page: what the returns state, to the centime, and what a spreadsheet can read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from fse.app.operations.securiser import securiser
from fse.app.reports import write_report
from fse.app.reports.matin.contenu import compose
from fse.app.reports.tableaux import Tableau, csv_bytes
from fse.base.money import format_euros
from tests.app.cabinet import document, facture, new_practice
from tests.app.reports.conftest import Written
from tests.app.reports.month import LE, RELEVE, received
from tests.app.reports.page import TABLES, cents, day, filled, table, words
from tests.oracles import noemie_oracle

NARROW = "\N{NARROW NO-BREAK SPACE}"


def test_the_transfers_are_those_that_the_returns_state(busy: Written) -> None:
    """Against the bytes that were received and booked, read by an oracle that knows nothing of `fse`."""
    stated = sorted(
        amount for content in received(busy.practice) for *_, amount in noemie_oracle.transfer_amounts(content)
    )
    told = table(busy.done.page.parent, "virements")
    assert len(told) > 25
    assert sorted(cents(row["montant"]) for row in told) == stated


def test_each_transfer_is_told_with_its_proof(busy: Written) -> None:
    """The statement of the scene holds all that was announced before its last day, but for the greatest amount."""
    told = table(busy.done.page.parent, "virements")
    covered = [row for row in told if day(row["date"]) < RELEVE and cents(row["montant"])]
    absent = [row for row in covered if row["sur_le_compte"] == "non"]
    assert [cents(row["montant"]) for row in absent] == [max(cents(row["montant"]) for row in covered)]
    assert all(day(row["vu_le"]) == day(row["date"]) + timedelta(days=1) for row in covered if row not in absent)
    later = {row["sur_le_compte"] for row in told if day(row["date"]) > RELEVE}
    assert later == {"non"}
    page = words(busy.html)
    assert "Virement annoncé qui n'est pas sur le compte – 1 virement" in page
    assert "courant (…0001) : relevés jusqu'au 16/11/2026" in page
    assert "Paiement d'un organisme qu'aucun retour n'explique" in page
    recent = [row for row in covered if LE - day(row["date"]) <= timedelta(days=31) and row["sur_le_compte"] == "oui"]
    seen = format_euros(sum(cents(row["montant"]) for row in recent)).replace(NARROW, " ")
    assert f"dont {seen} vus sur le compte" in page


def test_the_payments_of_a_transfer_make_it_to_the_centime(busy: Written) -> None:
    folder = busy.done.page.parent
    paid: defaultdict[str, int] = defaultdict(int)
    for row in table(folder, "paiements"):
        paid[row["virement"]] += cents(row["paye"])
    transfers = table(folder, "virements")
    for row in transfers:
        rest = cents(row["forfaits"]) - cents(row["retenues"])
        assert paid[row["virement"]] + rest == cents(row["montant"]), row
        assert cents(row["rapproche"]) + cents(row["sans_facture"]) == paid[row["virement"]]
    assert set(paid) == {row["virement"] for row in transfers if paid[row["virement"]]} | {
        name for name, amount in paid.items() if not amount
    }


def test_what_is_to_do_and_what_is_owed_add_up(busy: Written) -> None:
    folder = busy.done.page.parent
    ages = ("de_0_a_10_jours", "de_11_a_30_jours", "de_31_a_60_jours", "de_61_a_90_jours", "plus_de_90_jours")
    for row in table(folder, "anciennete"):
        assert sum(cents(row[age]) for age in ages) == cents(row["montant"])
    listed = table(folder, "a-faire")
    assert sum(cents(row["en_jeu"]) for row in listed if row["en_jeu"]) == busy.done.en_jeu
    lots = [row for row in listed if row["quoi"].startswith("lot ")]
    assert sum(cents(row["montant"]) for row in lots) == 20_050 + 12_500, "never acknowledged, refused"
    assert len({row["a_faire"] for row in listed}) == busy.done.a_faire, "each thing to do has its lines"


# --- a file that cannot be written -----------------------------------------------------------------------------------


def test_a_table_that_cannot_be_written_keeps_nothing_else_from_being_written(tmp_path: Path) -> None:
    """A folder stands where `rejets.csv` should: the page and the others are of today, and say which is not."""
    with new_practice(tmp_path / "cabinet") as practice:
        write_report(practice, tmp_path / "page", LE - timedelta(days=1))
        (tmp_path / "page" / "rejets.csv").unlink()
        (tmp_path / "page" / "rejets.csv").mkdir()
        securiser(practice, document(facture("A-1")), le=LE)
        done = write_report(practice, tmp_path / "page", LE)
    told = words(done.page.read_text(encoding="utf-8"))
    assert "vendredi 20 novembre 2026" in told
    assert "pas récrit : rejets.csv Le fichier ne peut pas être écrit : c'est un dossier." in told
    assert [one.chemin.name for one in done.echecs] == ["rejets.csv"]
    assert (done.statut, len(done.tables)) == (5, 9)
    assert len(table(tmp_path / "page", "a-faire")) == 1
    assert [one.name for one in (tmp_path / "page").iterdir() if one.name.startswith(".")] == []


def test_parquet_says_the_same_as_csv(busy: Written) -> None:
    folder = busy.done.page.parent
    for nom in TABLES:
        rows = pq.read_table(folder / f"{nom}.parquet").to_pylist()
        told = table(folder, nom)
        assert len(rows) == len(told)
        for row, line in zip(rows, told, strict=True):
            assert list(row) == list(line)
            for name, cell in row.items():
                if isinstance(cell, date):
                    assert line[name] == f"{cell:%d/%m/%Y}"
                elif isinstance(cell, Decimal):
                    assert line[name] == f"{cell:.2f}".replace(".", ",")
                else:
                    assert line[name] == ("" if cell is None else str(cell))


def test_a_text_that_a_spreadsheet_would_compute_stays_a_text() -> None:
    one = Tableau(
        nom="x",
        libelle="",
        colonnes=(("libelle", "texte"), ("montant", "montant"), ("jour", "date"), ("nombre", "nombre")),
        lignes=[("=1+1", -5, date(2026, 1, 2), None), ("a;b", 123_456, None, -3)],
    )
    assert csv_bytes(one).decode("utf-8-sig") == (
        'libelle;montant;jour;nombre\r\n\'=1+1;-0,05;02/01/2026;\r\n"a;b";1234,56;;-3\r\n'
    )


def test_what_a_payer_writes_is_escaped(tmp_path: Path) -> None:
    with new_practice(tmp_path / "cabinet") as practice:
        securiser(practice, document(facture("A-1")), le=LE)
        matin = compose(practice, LE, None)
    odd = replace(matin, suivi=replace(matin.suivi, taches=(replace(matin.suivi.taches[0], organisme="<b>&"),)))
    page = filled(odd)
    assert "&lt;b&gt;&amp;" in page
    assert "<b>&" not in page
