"""`[confiance]` and the certificates of the destination table: what may be said, what is read, what is warned about."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from fse.app.cli import root
from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.confiance import MAX_FILE, read_ancres, read_lcr
from fse.app.operations.clock import now
from fse.app.operations.emettre import emettre
from fse.app.operations.fichier import make_file
from fse.app.operations.recipients import open_recipients, recipient_findings, require_centres
from fse.app.operations.securiser import securiser
from fse.base.dates import to_days
from fse.base.errors import SignatureError, UsageError
from fse.base.findings import Severity
from fse.domain.signature.envelope import seal_envelope
from fse.domain.signature.lists import MAX_LIST
from fse.domain.signature.recipients import read_certificates
from fse.infra.journal.facts import lots
from fse.infra.journal.facts.lots import LotKey
from fse.infra.keys.opening import open_envelope
from fse.infra.keys.pkcs12 import open_pkcs12
from fse.infra.keys.trial_certificates import VALIDITY
from fse.infra.keys.trial_pki import create_test_encryption_key, create_test_key
from tests.app.cabinet import (
    CABINET,
    JOUR,
    MOT_DE_PASSE,
    document,
    facture,
    new_practice,
    reopen,
    signer,
    write_cabinet,
)

CENTRE = ("CT", "998")


def with_certificates(*names: str) -> str:
    return CABINET.replace('type_destinataire = "CT"', f'type_destinataire = "CT"\ncertificats = {list(names)}')


def trusting(**given: list[str]) -> str:
    return CABINET + "\n[confiance]\n" + "".join(f"{key} = {value}\n" for key, value in given.items())


def certificate(folder: Path, name: str, ends: date) -> None:
    """A certificate of the payer that ends on this day."""
    last = datetime(ends.year, ends.month, ends.day, 12, tzinfo=UTC)
    made = create_test_encryption_key(folder, "x", name, last - VALIDITY + timedelta(hours=1))
    assert made.expire_le.date() == ends


# --- what may be said ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (trusting(ancres=[" "]), "ancres dans [confiance]"),
        (trusting(ancres=["a.pem", "a.pem"]), "nomme deux fois"),
        (trusting(ancres=["a.pem"], lcr=[""]), "lcr dans [confiance]"),
        (trusting(lcr=["a.crl"]), "lcr ne va pas sans ancres"),
        (with_certificates(""), "certificats dans destinations n° 1"),
        (with_certificates("a.pem", "a.pem"), "nomme deux fois"),
        (CABINET + '\n[confiance]\nancres = ["a\\u0000"]\n', "liste de chemins"),
        (CABINET + "\n[confiance]\nancres = 'a.pem'\n", "bon genre"),
        (CABINET + "\n[confiance]\nocsp = 'x'\n", "n'est pas connue"),
    ],
)
def test_what_a_practice_may_not_say(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        write_cabinet(tmp_path, text)
    assert caught.value.code in ("cabinet.valeur", "cabinet.cle_inconnue")
    assert told in caught.value.message


def test_files_are_read_from_the_folder_of_the_practice(tmp_path: Path) -> None:
    cabinet = write_cabinet(tmp_path, trusting(ancres=["ca/a.pem"], lcr=["a.crl"]))
    for read in (read_ancres, read_lcr):
        with pytest.raises(SignatureError) as caught:
            read(cabinet)
        assert caught.value.code == "confiance.illisible"
    (tmp_path / "ca").mkdir()
    (tmp_path / "ca" / "a.pem").write_bytes(b"ancre")
    (tmp_path / "a.crl").write_bytes(b"liste")
    assert (read_ancres(cabinet), read_lcr(cabinet)) == ([b"ancre"], [b"liste"])
    assert read_lcr(write_cabinet(tmp_path)) == []


def test_a_giant_file_is_not_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "a.crl").open("wb") as file:
        file.truncate(1 << 36)
    cabinet = write_cabinet(tmp_path, trusting(ancres=["a.pem"], lcr=["a.crl"]))
    assert len(read_lcr(cabinet)[0]) == MAX_FILE + 1 == MAX_LIST + 1


# --- the destination table -------------------------------------------------------------------------------------------


def emitting(folder: Path, *names: str) -> Cabinet:
    new_practice(folder).close()
    return write_cabinet(folder, with_certificates(*names))


def test_the_old_and_the_new_certificate_are_both_encrypted_for(tmp_path: Path) -> None:
    certificate(tmp_path, "old", JOUR + timedelta(5))
    certificate(tmp_path, "new", JOUR + timedelta(900))
    cabinet = emitting(tmp_path, "new.pem", "old.pem")
    found = open_recipients(cabinet, to_days(JOUR))[CENTRE]
    assert [one.not_valid_after_utc.date() for one in found] == [JOUR + timedelta(5), JOUR + timedelta(900)]
    assert recipient_findings(cabinet, to_days(JOUR)) == ()
    assert len(open_recipients(cabinet, to_days(JOUR) + 6)[CENTRE]) == 1


def test_emettre_warns_before_the_last_certificate_ends(tmp_path: Path) -> None:
    certificate(tmp_path, "old", JOUR - timedelta(2))
    certificate(tmp_path, "last", JOUR + timedelta(12))
    emitting(tmp_path, "old.pem", "last.pem")
    with reopen(tmp_path) as practice:
        one = emettre(practice, tmp_path, lambda *_: signer(), entrees=[document(facture("A"))], le=JOUR)
    assert [constat.code for constat in one.constats] == ["chiffrement.expire", "chiffrement.expire_bientot"]
    assert all(constat.gravite is Severity.AVERTISSEMENT for constat in one.constats)
    assert "Centre CT 998" in one.constats[0].message
    assert [fichier.chemin.with_suffix(".p7m").exists() for fichier in one.fichiers] == [True]


def test_nothing_is_secured_when_nobody_could_read_it(tmp_path: Path) -> None:
    certificate(tmp_path, "old", JOUR - timedelta(1))
    cabinet = emitting(tmp_path, "old.pem")
    with reopen(tmp_path) as practice, pytest.raises(SignatureError) as caught:
        emettre(practice, tmp_path, lambda *_: signer(), entrees=[document(facture("A"))], le=JOUR)
    assert caught.value.code == "destinataire.certificats_expires"
    assert not list(tmp_path.glob("*.b2"))
    (found,) = recipient_findings(cabinet, to_days(JOUR))
    assert found.code == "chiffrement.expires"


def test_the_certificate_of_a_signer_is_refused_as_that_of_a_recipient(tmp_path: Path) -> None:
    create_test_key(tmp_path, MOT_DE_PASSE, "X", "001234566", datetime.now(UTC))
    cabinet = emitting(tmp_path, "ancre.pem")
    with pytest.raises(SignatureError) as caught:
        open_recipients(cabinet, to_days(JOUR))
    assert (caught.value.code, caught.value.lieu) == ("destinataire.certificat_usage", "ancre.pem")
    with pytest.raises(SignatureError) as caught:
        open_recipients(write_cabinet(tmp_path, with_certificates("absent.pem")), to_days(JOUR))
    assert caught.value.code == "destinataire.certificat_absent"


# --- trial keys to encrypt -------------------------------------------------------------------------------------------


def test_the_command_makes_a_certificate_to_give_and_the_key_that_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FSE_MOT_DE_PASSE", MOT_DE_PASSE)
    command = ["cle", "creer-essai", "--usage", "chiffrement", "--sortie", str(tmp_path)]
    done = CliRunner().invoke(root, [*command, "--nom", "caisse-2026"], standalone_mode=False)
    assert done.exception is None, done.exception
    certificates = read_certificates({"a": (tmp_path / "caisse-2026.pem").read_bytes()}).values()
    opener = open_pkcs12(tmp_path / "caisse-2026.p12", MOT_DE_PASSE)
    assert open_envelope(seal_envelope(b"lot", list(certificates)), opener) == b"lot"
    for options in ([], ["--nom", "x", "--praticien", "001234566"]):
        refused = CliRunner().invoke(root, [*command, *options], standalone_mode=False)
        assert isinstance(refused.exception, UsageError)
        assert refused.exception.code == "cle.options"


def moved(folder: Path) -> None:
    """The practice now sends to another centre: the line of the one that sheets wait for is gone."""
    toml = folder / "cabinet.toml"
    toml.write_text(toml.read_text("utf-8").replace('centre_informatique = "998"', 'centre_informatique = "997"'))


def test_a_file_for_a_centre_that_left_the_table_is_not_made(tmp_path: Path) -> None:
    """Without its line nobody knows whether its files are encrypted: nothing leaves in clear by mistake."""
    emitting(tmp_path)
    with reopen(tmp_path) as practice:
        securiser(practice, document(facture("A")), le=JOUR)
    moved(tmp_path)
    with reopen(tmp_path) as practice:
        recipients = open_recipients(practice.cabinet, to_days(JOUR))
        with pytest.raises(UsageError) as caught:
            require_centres(practice, recipients, {("001234566", "")})
        assert caught.value.code == "emission.centre_inconnu"
        assert "CT 998" in caught.value.message
        require_centres(practice, recipients, {("009876546", "")})  # the sheets of another, whose card is not there
        with pytest.raises(UsageError) as caught, practice.journal.transaction(now()) as transaction:
            make_file(practice.cabinet, transaction, CENTRE, [LotKey("001234566", 1, 1)], recipients, to_days(JOUR))
        assert caught.value.code == "emission.centre_inconnu"


def test_emettre_signs_nothing_for_a_centre_that_left_the_table(tmp_path: Path) -> None:
    emitting(tmp_path)
    with reopen(tmp_path) as practice:
        securiser(practice, document(facture("A")), le=JOUR)
    moved(tmp_path)
    with reopen(tmp_path) as practice:
        with pytest.raises(UsageError) as caught:
            emettre(practice, tmp_path, lambda *_: signer(), le=JOUR)
        assert caught.value.code == "emission.centre_inconnu"
        with practice.journal.reading() as reading:
            assert lots.live_lots(reading) == []
