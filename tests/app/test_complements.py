"""An ECG and a stitch for a child of the insured, with a long member number: the sub-records leave and are answered."""

from __future__ import annotations

from fse.app.caisse.repondre import repondre
from fse.app.caisse.scenario import Scenario
from fse.app.operations.emettre import emettre
from fse.app.operations.lire import lire
from fse.app.operations.practice import Practice
from fse.app.operations.securiser import securiser
from fse.norm.layout import EntityRow
from tests.app.cabinet import JOUR, document, facture, prestation, signer
from tests.oracles import b2_oracle
from tests.oracles.keys import nir_key

ECG = "<detail_ccam><code>DEQP003</code></detail_ccam>"
SUTURE = (
    "<detail_ccam><code>QZJA002</code><modificateurs>FM</modificateurs><association>2</association>"
    f"<date_seance>{JOUR}</date_seance></detail_ccam>"
)
NIR = "2180544109000"
AMC = (
    "<amc><numero_amc>99800001</numero_amc><numero_adherent>12345678901</numero_adherent>"
    "<routage><aiguillage>ES</aiguillage><hote>001</hote><domaine>essai.invalid</domaine></routage></amc>"
)


def child(reference: str) -> str:
    """One invoice in XML: two lines, each with its detail."""
    lines = tuple(
        prestation(prix, code=code).replace("</prestation>", f"{detail}</prestation>")
        for prix, code, detail in ((1430, "ADE", ECG), (3050, "ADC", SUTURE))
    )
    text = facture(reference, lignes=lines)
    individual = f"<nir_individuel><nir>{NIR}</nir><cle_nir>{nir_key(NIR)}</cle_nir></nir_individuel>"
    text = text.replace("</beneficiaire>", f"{individual}</beneficiaire>")
    return text.replace("<amc><numero_amc>99800001</numero_amc></amc>", AMC)


def test_the_sub_records_leave_counted_and_sealed(practice: Practice) -> None:
    secured = securiser(practice, document(child("V-1"), facture("V-2")), le=JOUR)
    assert len(secured.factures) == 2, secured.constats
    (fichier,) = emettre(practice, practice.cabinet.folder / "envoi", lambda *_: signer(), le=JOUR).fichiers
    content = fichier.chemin.read_bytes()
    records = b2_oracle.records(content)
    assert b2_oracle.wrong_totals(content) == []
    assert [b2_oracle.record_type(record) for record in records] == [
        *("000", "1", "2", "2S", "2M", "4", "4M", "4", "4M", "5", "2", "4", "5", "6", "999")
    ]
    header, routing = records[2], records[4]
    assert header[104:112] == b" " * 8, "a member number of more than 8 characters stands in 2M only"
    assert routing[71:86] == b"000012345678901"
    assert (routing[99:101], routing[101:104], routing[104:124]) == (b"ES", b"001", b"essai.invalid".ljust(20))
    assert records[6][64:70] == JOUR.strftime("%y%m%d").encode(), "the session is the day of the line"
    assert records[8][58:63] == b"FM  2"
    trailer = b2_oracle.cut(records[-2])
    assert (int(trailer["nombre_lignes"]), int(trailer["nombre_entetes"])) == (5, 4)
    assert int(b2_oracle.cut(records[9])["nombre_lignes"]) == 2
    assert [item.constats for item in lire([content]) if isinstance(item, EntityRow)] == [()] * len(records)
    answer = repondre(content, {1: fichier.signatures[0].read_bytes()}, Scenario(), JOUR)
    assert (answer.refus, answer.sans_reponse) == ((), ())
    assert [one.code for one in answer.constats] == ["signature.sans_ancre"]
    assert len(answer.fichiers) == 1


def test_a_detail_that_the_model_refuses_is_told_with_its_place(practice: Practice) -> None:
    wrong = child("V-1").replace("DEQP003", "DEQP03")
    found = securiser(practice, document(wrong), le=JOUR).constats
    (finding,) = [one for one in found if one.is_error]
    assert (finding.place.champ or "").endswith("prestation[1]/detail_ccam[1]/code")
