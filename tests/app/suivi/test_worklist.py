"""The worklist beyond its rows: order by stake, ageing, time bars, the guarantee of article 61, debts, suggestions."""

from __future__ import annotations

import csv
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from fse.app.cli.suivi import print_suivi
from fse.app.operations.cabinet import Forclusion
from fse.app.operations.journal.lectures import lectures
from fse.app.operations.practice import Practice
from fse.app.operations.reclamer import reclamer
from fse.app.operations.securiser import securiser
from fse.app.operations.suivi import Suivi, suivi
from fse.app.operations.worklist.anciennete import TRANCHES
from fse.app.operations.worklist.garantie import guarantee
from fse.app.operations.worklist.taches import WAITING
from fse.base.dates import to_days
from fse.base.errors import StorageError
from fse.base.findings import Finding
from fse.infra.journal.facts import actes, factures
from fse.infra.journal.facts.actes import ActeRow
from fse.norm.codec.noemie.building import build
from fse.norm.model import AssureRetour, FactureRetour, MouvementRetour, RetourNoemie, TypeRetour
from tests.app.cabinet import JOUR, PATIENTS, PRESTATAIRE, document, facture
from tests.app.emitted import RETOUR, emitted_practice, noe, receive, retour

_NOON = datetime(2026, 12, 31, 12, tzinfo=UTC)
ENDED = "<periode_droits><debut>2020-01-01</debut><fin>2026-09-30</fin></periode_droits>"
LATE = JOUR + timedelta(days=40)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with emitted_practice(tmp_path / "cabinet") as practice:
        yield practice


def answering(identifiant: str, *kinds: TypeRetour, day: date = RETOUR) -> bytes:
    """A return of another file id, whose one transfer holds these."""
    (group,) = retour().groupes
    return build(_dated(replace(retour(), groupes=(replace(group, retours=kinds),)), identifiant, day))


def _dated(model: RetourNoemie, identifiant: str, day: date) -> RetourNoemie:
    groups = tuple(replace(group, date_comptable=day) for group in model.groupes)
    return replace(model, identifiant_fichier=identifiant, date_creation=day, groupes=groups)


def kind(code: str = "01", *factures_: FactureRetour, mouvements: tuple[MouvementRetour, ...] = ()) -> TypeRetour:
    ((model,),) = (group.retours for group in retour().groupes)
    return replace(model, code_retour=code, factures=factures_, mouvements=mouvements)


def paid(numero: int) -> FactureRetour:
    """What the caisse answers to this invoice in the usual return."""
    ((model,),) = (group.retours for group in retour().groupes)
    return next(one for one in model.factures if one.numero_facture == numero)


def of_nature(result: Suivi, nature: str) -> list[tuple[int, str, int]]:
    return [(tache.numero, tache.partie, tache.montant) for tache in result.taches if tache.nature == nature]


def found(practice: Practice, content: bytes) -> list[Finding]:
    (one,) = receive(practice, content)
    assert one.verdict == "recu"
    return [constat for constat in one.constats if constat.code.startswith("reception.")]


def test_what_asks_for_something_comes_before_what_waits_and_the_greatest_stake_first(practice: Practice) -> None:
    receive(practice, noe())
    securiser(practice, document(facture("V-7")), le=JOUR)
    result = suivi(practice, le=RETOUR)
    waits = [tache.nature in WAITING for tache in result.taches]
    assert waits == sorted(waits)
    assert waits[-1]
    assert not waits[0]
    stakes: dict[str, int] = {}
    for tache in result.taches:
        stakes[tache.nature] = stakes.get(tache.nature, 0) + tache.montant
    acting = [stake for nature, stake in stakes.items() if nature not in WAITING]
    assert acting == sorted(acting, reverse=True)
    assert len(acting) > 1


def test_ageing_sums_what_each_fund_owes_by_days_since_the_invoice_left(practice: Practice) -> None:
    (young,) = suivi(practice, le=JOUR).anciennete
    assert (young.organisme, young.tranches[0], young.montant) == ("998", young.montant, young.montant)
    assert young.montant == suivi(practice, le=JOUR).bilan.reste
    (old,) = suivi(practice, le=LATE).anciennete
    assert old.tranches[2] == old.montant == young.montant
    assert TRANCHES[2] == "31 à 60 jours"
    receive(practice, noe())
    (after,) = suivi(practice, le=LATE).anciennete
    assert after.montant == suivi(practice, le=LATE).bilan.reste < young.montant


def test_a_time_bar_is_shown_only_when_the_practice_gave_one(practice: Practice) -> None:
    assert all(tache.forclusion is None for tache in suivi(practice, le=LATE).taches)
    bars = (Forclusion(organisme="*", partie="AMO", mois=24, source="essai"),)
    bars += (Forclusion(organisme="998", partie="AMO", mois=5, source="essai"),)
    configured = replace(practice, cabinet=replace(practice.cabinet, forclusions=bars))
    taches = suivi(configured, le=LATE).taches
    assert {(tache.partie, tache.forclusion) for tache in taches} == {
        ("AMO", date(2027, 3, 5)),  # 5 October 2026 and five months: the bar that names the fund
        ("AMC", None),
    }


def test_a_rights_reject_of_a_card_not_in_opposition_is_contestable_with_its_evidence(
    practice: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    receive(practice, noe())
    result = suivi(practice, le=RETOUR)
    (rejected,) = [tache for tache in result.taches if tache.numero == 4]
    assert rejected.motifs[0].code == "0250"
    assert rejected.garantie is not None
    assert (rejected.garantie.lecture_le, rejected.garantie.droits) == (JOUR, ())
    assert [tache.numero for tache in result.taches if tache.garantie] == [4]
    print_suivi(result)
    assert "contestable : article 61" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<source>carte</source>", "<source>service</source>"),
        ("</identite_beneficiaire></contexte>", "</identite_beneficiaire><opposition>true</opposition></contexte>"),
        (
            "</identite_beneficiaire></contexte>",
            f"</identite_beneficiaire>{ENDED}</contexte>",
        ),
    ],
    ids=["online service", "card in opposition", "rights ended before the care"],
)
def test_without_the_evidence_there_is_no_guarantee(practice: Practice, before: str, after: str) -> None:
    text = facture("V-9")
    assert before in text
    changed = text.replace(before, after)
    (secured,) = securiser(practice, document(changed), le=JOUR).factures
    with practice.journal.reading() as reading:
        row = factures.find(reading, PRESTATAIRE, secured.numero)
        usual = factures.find(reading, PRESTATAIRE, 1)
        assert row is not None
        assert usual is not None
        assert guarantee(reading, row) is None
        assert guarantee(reading, usual) is not None


DEBT = MouvementRetour(
    reference_creance="IND0000042",
    date_creance=date(2026, 9, 1),
    nature_creance="IND",
    operation="CIN",
    montant=9000,
    solde=9000,
)


def test_a_debt_is_followed_over_months_and_its_dispute_window_shown(
    practice: Practice, capsys: pytest.CaptureFixture[str]
) -> None:
    withheld = replace(DEBT, operation="RPR", montant=2000)
    for ordinal, (movement, day) in enumerate(
        [
            (DEBT, date(2026, 10, 8)),
            (replace(withheld, solde=7000), date(2026, 11, 9)),
            (replace(withheld, solde=4500), date(2026, 12, 8)),  # 5 000 would be right
        ]
    ):
        receive(practice, answering(f"DETTE{ordinal}", kind("05", mouvements=(movement,)), day=day))
    (debt,) = suivi(practice, le=date(2026, 12, 9)).dettes
    assert (debt.retenu, debt.solde, debt.premiere_le, debt.derniere_le) == (
        4000,
        4500,
        date(2026, 10, 8),
        date(2026, 12, 8),
    )
    assert [movement.ecart for movement in debt.mouvements] == [0, 0, -500]
    assert (debt.numero, debt.contestable_jusqu_au) == (None, None)
    assert of_nature(suivi(practice, le=date(2026, 12, 9)), "retenue_inexpliquee") == [(0, "", 4000)]
    with practice.journal.transaction(_NOON) as transaction:
        actes.insert_acte(
            transaction,
            ActeRow(
                acte=actes.next_acte(transaction),
                genre="creance_rattachee",
                auteur="secretaire",
                motif="courrier reçu",
                pose_le=to_days(date(2026, 12, 31)),
                prestataire=PRESTATAIRE,
                emetteur=debt.emetteur,
                reference="IND0000042",
                numero=3,
                notifiee_le=to_days(date(2026, 12, 31)),
            ),
        )
    result = suivi(practice, le=date(2026, 12, 31))
    (debt,) = result.dettes
    assert (debt.numero, debt.contestable_jusqu_au) == (3, date(2027, 2, 28))
    assert of_nature(result, "retenue_inexpliquee") == []
    print_suivi(result)
    told = capsys.readouterr().out
    assert "rattachée à la facture 000000003 (acte n° 1)" in told
    assert "jusqu'au 28/02/2027" in told
    assert of_nature(result, "creance_a_contester") == [(3, "", 8500)]
    assert [movement.retenu for movement in debt.retenues_prematurees] == [2000, 2000]
    assert "retenus dès le 09/11/2026, avant la fin de ce délai" in told


def test_a_line_without_a_number_is_suggested_the_invoices_of_its_insured(practice: Practice) -> None:
    nir, cle, _ = PATIENTS[2]  # who has one invoice, the third
    lost = replace(
        paid(3), numero_facture=999, assure=AssureRetour(nir=nir, cle_nir=cle), numero_lot=None, date_lot=None
    )
    found(practice, answering("PERDU1", kind("01", lost)))
    (task,) = [tache for tache in suivi(practice, le=RETOUR).taches if tache.nature == "facture_inconnue"]
    assert [(one.numero, one.raison) for one in task.suggestions] == [(3, "même assuré, même montant")]
    assert task.ligne.endswith(":5")


def test_a_practitioner_sees_their_own_only(practice: Practice) -> None:
    receive(practice, noe())
    everyone = suivi(practice, le=RETOUR)
    own = suivi(practice, le=RETOUR, praticiens=[PRESTATAIRE])
    assert (own.bilan, own.taches, own.virements) == (everyone.bilan, everyone.taches, everyone.virements)
    other = suivi(practice, le=RETOUR, praticiens=["002345679"])
    assert (other.taches, other.virements, other.dettes, other.bilan.factures) == ((), (), (), 0)


def test_claims_name_the_unanswered_and_only_them(practice: Practice, tmp_path: Path) -> None:
    receive(practice, answering("UNSEUL", kind("01", paid(4))))
    claim, contested = reclamer(practice, tmp_path / "claims", le=LATE)
    with claim.chemin.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    assert [(line["facture"], line["part"]) for line in lines] == [
        (f"{numero:09d}", partie)
        for numero, partie, _ in sorted(of_nature(suivi(practice, le=LATE), "sans_retour"), key=_by_stake)
    ]
    assert "000000004" not in {line["facture"] for line in lines}
    first = lines[0]
    assert (first["date_facture"], first["lot"], first["jours"]) == ("05/10/2026", "001", "40")
    assert first["fichier_envoye"].endswith(".b2")
    assert "nir" not in first
    assert sum(round(float(line["montant"].replace(",", ".")) * 100) for line in lines) == claim.montant
    assert [one.chemin for one in reclamer(practice, tmp_path / "claims", le=LATE)] == [claim.chemin, contested.chemin]
    assert lectures(practice) == []


def test_a_rights_reject_is_contested_with_what_the_card_said(practice: Practice, tmp_path: Path) -> None:
    receive(practice, noe())
    claims = reclamer(practice, tmp_path / "claims", le=RETOUR)
    assert [(one.genre, one.parts) for one in claims] == [("contestation", 1)]
    with claims[0].chemin.open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file, delimiter=";")
    assert (line["facture"], line["part"], line["motif"]) == ("000000004", "AMO", "0250")
    assert (line["carte_lue_le"], line["opposition"], line["droits"]) == ("05/10/2026", "non", "")
    assert line["article"].startswith("article 61")
    assert "nir" not in line


def _by_stake(row: tuple[int, str, int]) -> tuple[int, int, str]:
    numero, partie, montant = row
    return -montant, numero, partie


def umask() -> int:
    """The permissions that this session takes from every file."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_claim_that_names_patients_is_recorded_before_it_is_written(practice: Practice, tmp_path: Path) -> None:
    (claim,) = reclamer(practice, tmp_path / "claims", le=LATE, en_clair_par="secretaire")
    assert PATIENTS[0][0] in claim.chemin.read_text(encoding="utf-8-sig")
    assert {one.numero for one in lectures(practice)} == {1, 2, 3, 4, 5}
    assert {one.auteur for one in lectures(practice)} == {"secretaire"}
    assert stat.S_IMODE(claim.chemin.stat().st_mode) == 0o600
    claim.chemin.chmod(0o644)
    reclamer(practice, tmp_path / "claims", le=LATE, en_clair_par="secretaire")
    assert stat.S_IMODE(claim.chemin.stat().st_mode) == 0o600
    (plain,) = reclamer(practice, tmp_path / "masked", le=LATE)
    assert stat.S_IMODE(plain.chemin.stat().st_mode) == 0o666 & ~umask()
    claim.chemin.write_bytes(b"autre chose")
    with pytest.raises(StorageError) as refused:
        reclamer(practice, tmp_path / "claims", le=LATE, en_clair_par="secretaire")
    assert refused.value.code == "sortie.differente"
    assert claim.chemin.read_bytes() == b"autre chose"
