"""The mail of the simulated caisse: opened, judged, answered, encrypted; and the folder that it empties."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography import x509

from fse.app.caisse.courrier import CourrierRendu, Depot, repondre_courrier
from fse.app.caisse.lettres import as_envelope, as_message, open_message
from fse.app.caisse.month import Envoi
from fse.app.caisse.scenario import read_scenario
from fse.app.cli.caisse import command
from fse.app.operations.practice import Practice
from fse.app.operations.recevoir import recevoir
from fse.base.errors import SignatureError, UsageError
from fse.domain.signature.envelope import seal_envelope
from fse.infra.keys.opening import open_envelope
from fse.infra.keys.pkcs12 import OpenedSigner, open_pkcs12
from fse.infra.keys.trial_pki import create_test_encryption_key
from fse.infra.transport.entity import Attachment, build_entity
from fse.infra.transport.message import Courrier, build_clear_message, build_sealed_message, read_message
from fse.infra.transport.unpacking import read_entity
from tests.app.cabinet import key_folder
from tests.app.caisse.world import ANNE, ANSWERDAY, NOBODY, Pki, b2_file, damage, facture, header, lot, sign
from tests.app.emitted import emitted_practice
from tests.oracles import arl_oracle

LE = date(2025, 3, 21)
NOW = datetime(2025, 3, 20, 9, tzinfo=UTC)
MADE = datetime(2025, 3, 1, 9, tzinfo=UTC)
"""When the keys were made: they are valid on the days of the tests."""
ONE = lot(facture(1))
TWO = lot(facture(2), entete=header(numero_lot=2))
PASSWORD = "secret de la caisse"


class Keys:
    """The encryption keys of the caisse and of the practice."""

    def __init__(self, folder: Path) -> None:
        caisse = create_test_encryption_key(folder, PASSWORD, "caisse", MADE)
        practice = create_test_encryption_key(folder, PASSWORD, "cabinet", MADE)
        self.caisse_p12, self.practice_pem = caisse.cle, practice.certificat
        self.caisse: OpenedSigner = open_pkcs12(caisse.cle, PASSWORD)
        self.practice: OpenedSigner = open_pkcs12(practice.cle, PASSWORD)

    def open(self, sealed: bytes) -> bytes:
        return open_envelope(sealed, self.caisse)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys(tmp_path_factory.mktemp("cles"))


def pieces(pki: Pki, *lots: bytes, identifiant: str = "000012") -> list[Attachment]:
    """A B2 file and its signatures, as the files of a message."""
    name = f"00000000999999-{identifiant}"
    signed = sign(pki.signer, lots)
    return [
        Attachment(f"{name}.b2", b2_file(*lots, identifiant=identifiant)),
        *(Attachment(f"{name}-{rank:03d}.p7s", cms) for rank, cms in signed.items()),
    ]


def mail() -> Courrier:
    return Courrier(
        expediteur="cabinet@exemple.invalid",
        destinataire="caisse@exemple.invalid",
        sujet="FSE 00000000999999 000012 T",
        identifiant="<00000000999999.000012.essai@fse.invalid>",
        date=NOW,
    )


def sealed_message(attachments: Sequence[Attachment], to: x509.Certificate) -> bytes:
    return build_sealed_message(mail(), "envoi.p7m", seal_envelope(build_entity(attachments), [to]))


def ask(pki: Pki, depots: Sequence[Depot], scenario: str = "", le: date = ANSWERDAY, **given: Any) -> CourrierRendu:
    return repondre_courrier(depots, read_scenario(scenario.encode()), le, [pki.anchor], **given)


def senses(courrier: CourrierRendu) -> list[list[tuple[str, str]]]:
    """Sense and cause of each lot of each ARL."""
    found = []
    for one in courrier.rendus:
        if one.nom.endswith(".arl"):
            (rows,) = arl_oracle.logical_files(one.contenu)
            texts = [arl_oracle.cut(row) for row in rows[1:-1]]
            found.append([(each["sens"], each["cause"].strip()) for each in texts])
    return found


def kinds(courrier: CourrierRendu) -> list[str]:
    return [Path(one.nom).suffix for one in courrier.rendus]


# --- messages --------------------------------------------------------------------------------------------------------


def test_a_message_in_clear_sealed_or_a_file_of_a_folder_gives_the_same_file(pki: Pki, keys: Keys) -> None:
    attachments = pieces(pki, ONE, TWO)
    envelope = seal_envelope(build_entity(attachments), [keys.caisse.certificate])
    for content in (
        build_clear_message(mail(), attachments),
        sealed_message(attachments, keys.caisse.certificate),
        envelope,
    ):
        (depot,) = open_message(content, keys.open)
        assert depot.nom == attachments[0].nom
        assert depot.envoi.data == attachments[0].contenu
        assert depot.envoi.signatures == {1: attachments[1].contenu, 2: attachments[2].contenu}
        assert depot.empreinte == hashlib.sha256(attachments[0].contenu).hexdigest()


def test_two_files_of_a_message_keep_each_their_signatures(pki: Pki, keys: Keys) -> None:
    both = [*pieces(pki, ONE), *pieces(pki, TWO, identifiant="000013")]
    first, second = open_message(build_clear_message(mail(), both), keys.open)
    assert [set(one.envoi.signatures) for one in (first, second)] == [{1}, {1}]
    assert first.envoi.signatures != second.envoi.signatures


def test_what_is_encrypted_for_another_does_not_open(pki: Pki, keys: Keys) -> None:
    with pytest.raises(SignatureError) as caught:
        open_message(sealed_message(pieces(pki, ONE), keys.practice.certificate), keys.open)
    assert caught.value.code == "chiffrement.pas_destinataire"


def test_what_goes_back_is_for_the_practice_alone(pki: Pki, keys: Keys) -> None:
    courrier = ask(pki, open_message(sealed_message(pieces(pki, ONE), keys.caisse.certificate), keys.open))
    assert kinds(courrier) == [".arl", ".noe"]
    for rendu in courrier.rendus:
        parties = {"expediteur": "caisse@exemple.invalid", "destinataire": "cabinet@exemple.invalid", "le": NOW}
        message = as_message(rendu, [keys.practice.certificate], **parties)
        assert rendu.contenu[:55] not in message
        read = read_message(message)
        assert read.identifiant == f"<{rendu.nom}@caisse.invalid>"
        assert read.sujet == f"FSE {rendu.emetteur} {rendu.identifiant} T"
        (sealed,) = read.enveloppes
        with pytest.raises(SignatureError):
            keys.open(sealed.contenu)
        inside = read_entity(open_envelope(sealed.contenu, keys.practice))
        assert inside == [Attachment(rendu.nom, rendu.contenu)]
        assert (
            read_entity(open_envelope(as_envelope(rendu, [keys.practice.certificate]).contenu, keys.practice)) == inside
        )
        (clear,) = read_message(as_message(rendu, [], **parties)).pieces
        assert clear == inside[0]


# --- answers ---------------------------------------------------------------------------------------------------------


def depot(pki: Pki, *lots: bytes, identifiant: str = "000012", le: date | None = None) -> Depot:
    envoi = Envoi(b2_file(*lots, identifiant=identifiant), sign(pki.signer, lots))
    return Depot(nom=f"{identifiant}.b2", envoi=envoi, recu_le=le)


def test_acknowledgements_come_first_then_the_returns(pki: Pki) -> None:
    courrier = ask(pki, [depot(pki, ONE), depot(pki, TWO, identifiant="000013")])
    assert kinds(courrier) == [".arl", ".arl", ".noe", ".noe"]
    assert ask(pki, [depot(pki, ONE), depot(pki, TWO, identifiant="000013")]).rendus == courrier.rendus


def test_a_file_given_twice_is_answered_once(pki: Pki) -> None:
    one = depot(pki, ONE)
    courrier = ask(pki, [one, one])
    assert kinds(courrier) == [".arl", ".noe"]
    assert [(each.nom, each.deja) for each in courrier.ecartes] == [("000012.b2", True)]
    later = ask(pki, [one], le=LE, deja=[depot(pki, ONE, le=ANSWERDAY)])
    assert (later.rendus, [each.deja for each in later.ecartes]) == ((), [True])


def test_a_lot_that_comes_again_in_another_file_is_there_already_and_paid_once(pki: Pki) -> None:
    again = depot(pki, ONE, identifiant="000013")
    together = ask(pki, [depot(pki, ONE), again])
    assert senses(together) == [[("P", "")], [("N", "9985")]]
    assert kinds(together) == [".arl", ".arl", ".noe"]
    later = ask(pki, [again], le=LE, deja=[depot(pki, ONE, le=ANSWERDAY)])
    assert (senses(later), kinds(later)) == ([[("N", "9985")]], [".arl"])


def test_a_lot_refused_before_is_judged_anew(pki: Pki) -> None:
    """Refused by the scenario in its first file, or too early for the day on which it came."""
    scenario = '[[accuse]]\nlot = 1\nfichier = "000012"\nsens = "N"'
    first = ask(pki, [depot(pki, ONE)], scenario)
    assert (senses(first), kinds(first)) == ([[("N", "9940")]], [".arl"])
    second = ask(pki, [depot(pki, ONE, identifiant="000013")], scenario, LE, deja=[depot(pki, ONE, le=ANSWERDAY)])
    assert (senses(second), kinds(second)) == ([[("P", "")]], [".arl", ".noe"])

    early = date(2025, 3, 10)
    assert senses(ask(pki, [depot(pki, ONE)], le=early)) == [[("N", "9980")]]
    after = ask(pki, [depot(pki, ONE, identifiant="000013")], deja=[depot(pki, ONE, le=early)])
    assert senses(after) == [[("P", "")]]


def test_a_lost_acknowledgement_is_never_written_and_the_return_is(pki: Pki) -> None:
    assert kinds(ask(pki, [depot(pki, ONE)], "[[accuse]]\nlot = 1\nperdu = true")) == [".noe"]


def test_what_is_no_file_of_test_is_set_aside_alone(pki: Pki) -> None:
    pdf = Depot(nom="a.b2", envoi=Envoi(b"%PDF-1.7", {}))
    courrier = ask(pki, [pdf, depot(pki, ONE)])
    assert [(one.nom, one.deja, bool(one.raison)) for one in courrier.ecartes] == [("a.b2", False, True)]
    assert kinds(courrier) == [".arl", ".noe"]


def test_an_altered_lot_is_refused_and_not_paid(pki: Pki) -> None:
    envoi = Envoi(b2_file(damage(ONE, 2, {"taux": "071"})), sign(pki.signer, [ONE]))
    courrier = repondre_courrier([Depot(nom="a.b2", envoi=envoi)], NOBODY, ANSWERDAY, [pki.anchor])
    assert (senses(courrier), kinds(courrier)) == ([[("N", "9950")]], [".arl"])


# --- the folder ------------------------------------------------------------------------------------------------------


class Box:
    """The folders of the caisse, and how to run it."""

    def __init__(self, folder: Path, pki: Pki) -> None:
        self.boite, self.sortie, self.anchor = folder / "boite", folder / "retours", folder / "ancre.pem"
        self.boite.mkdir()
        self.anchor.write_bytes(pki.anchor)

    def put(self, *attachments: Attachment) -> None:
        for one in attachments:
            (self.boite / one.nom).write_bytes(one.contenu)

    def run(self, *more: str, le: str = "2025-03-20", status: int = 0) -> str:
        options = ["--boite", str(self.boite), "--sortie", str(self.sortie), "--ancre", str(self.anchor), "--le", le]
        result = CliRunner().invoke(
            command, ["courrier", *options, *more], standalone_mode=False, env={"FSE_MOT_DE_PASSE": PASSWORD}
        )
        if result.exception is not None:
            raise result.exception
        assert result.return_value == status, result.output
        return result.output

    def left(self) -> list[str]:
        return sorted(one.name for one in self.boite.iterdir() if one.is_file())

    def written(self) -> list[str]:
        return sorted(one.name for one in self.sortie.iterdir()) if self.sortie.exists() else []


@pytest.fixture
def box(tmp_path: Path, pki: Pki) -> Box:
    return Box(tmp_path, pki)


def test_the_folder_is_emptied_answered_and_what_comes_back_is_recognised(box: Box, pki: Pki) -> None:
    box.put(*pieces(pki, ONE))
    told = box.run()
    assert f"lot 001 du 11/03/2025, praticien {ANNE}, 1 facture : accusé positif" in told
    assert [Path(one).suffix for one in box.written()] == [".noe", ".arl"]
    assert box.left() == []
    assert len(list((box.boite / "lus" / "2025-03-20").iterdir())) == 2
    before = {name: (box.sortie / name).read_bytes() for name in box.written()}

    assert "Rien n'est arrivé." in box.run(le="2025-03-21")
    box.put(*pieces(pki, ONE))
    assert "Déjà reçu" in box.run(le="2025-03-21")
    assert {name: (box.sortie / name).read_bytes() for name in box.written()} == before
    box.put(*pieces(pki, ONE, identifiant="000013"))
    assert "cause 9985" in box.run(le="2025-03-21", status=1)
    assert len(box.written()) == 3, "an acknowledgement more, and no second payment"


@pytest.mark.parametrize("sealed", [False, True])
def test_a_run_cut_short_before_it_put_away_is_done_again_the_same_way(
    box: Box, pki: Pki, keys: Keys, *, sealed: bool
) -> None:
    more = ("--certificat", str(keys.practice_pem)) if sealed else ()
    box.put(*pieces(pki, ONE))
    box.run(*more)
    first = {name: (box.sortie / name).read_bytes() for name in box.written()}
    assert all(name.endswith(".p7m") is sealed for name in first)
    folder = box.boite / "lus" / "2025-03-20"
    for one in folder.iterdir():
        one.rename(box.boite / one.name)
    box.run(*more)
    assert {name: (box.sortie / name).read_bytes() for name in box.written()} == first


def test_what_is_encrypted_opens_with_the_key_and_goes_back_encrypted(box: Box, pki: Pki, keys: Keys) -> None:
    (box.boite / "a.eml").write_bytes(sealed_message(pieces(pki, ONE), keys.caisse.certificate))
    second = build_entity(pieces(pki, TWO, identifiant="000013"))
    (box.boite / "b.p7m").write_bytes(seal_envelope(second, [keys.caisse.certificate]))
    assert box.run(status=1).count("la clé de la caisse manque") == 2
    assert box.left() == ["a.eml", "b.p7m"]
    told = json.loads(
        box.run("--cle", str(keys.caisse_p12), "--certificat", str(keys.practice_pem), "--format", "json")
    )
    assert [one["lots"][0]["sens"] for one in told["fichiers"]] == ["P", "P"]
    assert box.left() == []
    for name in box.written():
        (inside,) = read_entity(open_envelope((box.sortie / name).read_bytes(), keys.practice))
        assert name == f"{inside.nom}.p7m"


def test_what_cannot_be_answered_stays_and_is_told(box: Box, pki: Pki) -> None:
    box.put(Attachment("z.b2", b"%PDF-1.7"), Attachment("vide.eml", b"From: x@y.invalid\r\n\r\nbonjour\r\n"))
    box.put(*pieces(pki, ONE), Attachment(".cache.b2", b"?"), Attachment("a.b2.tmp", b"?"))
    told = box.run(status=1)
    assert "z.b2 : sans réponse." in told
    assert "vide.eml : sans réponse. Il ne contient aucun fichier B2." in told
    assert box.left() == [".cache.b2", "a.b2.tmp", "vide.eml", "z.b2"]
    assert len(box.written()) == 2


def test_a_folder_that_is_not_there_is_one_error(tmp_path: Path, pki: Pki) -> None:
    box = Box(tmp_path, pki)
    box.boite.rmdir()
    with pytest.raises(UsageError) as caught:
        box.run()
    assert caught.value.code == "caisse.boite"


# --- the whole loop --------------------------------------------------------------------------------------------------


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with emitted_practice(tmp_path / "cabinet") as opened:
        yield opened


def test_what_a_practice_sent_comes_back_acknowledged_and_paid(practice: Practice, tmp_path: Path) -> None:
    """Without a mail server: the folder that `emettre` wrote is the box, what the caisse writes is received."""
    anchor = key_folder() / "ancre.pem"
    arguments = [
        "courrier",
        *("--boite", str(practice.cabinet.folder / "envoi"), "--sortie", str(tmp_path / "retours")),
        *("--ancre", str(anchor), "--le", "2026-10-06"),
    ]
    result = CliRunner().invoke(command, arguments, standalone_mode=False, catch_exceptions=False)
    assert result.return_value == 0, result.output
    found = [
        one
        for path in sorted((tmp_path / "retours").iterdir(), key=lambda path: path.suffix)
        for one in recevoir(practice, [path.read_bytes()], fichier=path.name, le=date(2026, 10, 7))
    ]
    assert [one.verdict for one in found] == ["recu", "recu"]
    assert [[(accuse.sens, accuse.connu) for accuse in one.accuses] for one in found] == [[("P", True)], []]
    assert [constat.code for one in found for constat in one.constats if constat.code.startswith("reception")] == []
    assert {part.etat_part for one in found for part in one.parts} == {"payee"}
