"""`fse verifier`: every byte of a signed file is covered, or said not to be; the change is named and the right one."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result

from fse.app.cli import root
from fse.app.operations import verifier as module
from fse.app.operations.verifier import Verification, verifier
from fse.base import resources
from fse.base.errors import SignatureError, UnreadableError, UsageError
from fse.domain.signature.cms import sign_lot
from fse.domain.signature.verdict import Status, Verdict
from fse.infra.keys.pkcs12 import OpenedSigner
from fse.norm.codec.b2.seals import read_seal, seal_facture, seal_lot
from tests.app.cabinet import CABINET, key_folder, signer
from tests.domain.signature.revocation_lists import SIGNED, chain, revocation_list
from tests.norm.layout.rebuilding import in_chunks
from tests.norm.layout.samples import B2, b2_facture, b2_file, b2_lot, noemie_file

LOTS = [
    b2_lot(11, [b2_facture(1), b2_facture(2, lignes=3)]),
    b2_lot(12, [b2_facture(3, lignes=2)]),
]
DATA = b2_file(*LOTS)
RECORDS = in_chunks(DATA, 128)
CONTENTS = [b"".join(lot) for lot in LOTS]
MASKS = (0x01, 0x20, 0x80)


@pytest.fixture(scope="module")
def signatures() -> list[bytes | None]:
    return [sign_lot(content, signer()) for content in CONTENTS]


@pytest.fixture(scope="module")
def ancre() -> bytes:
    return (key_folder() / "ancre.pem").read_bytes()


def codes_of(result: Verification) -> list[str]:
    return [constat.code for constat in result.constats]


def flipped(place: int, mask: int = 1, data: bytes = DATA) -> bytes:
    return data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]


def rewritten(records: Sequence[bytes], data: bytes = DATA) -> bytes:
    """The first and last record of the file around other ones, its counts made right again."""
    counts = {"nombre_enregistrements": len(records) + 2, "nombre_lots": sum(one[:1] == b"1" for one in records)}
    tail = B2.layouts["999"].build(B2.layouts["999"].parse(data[-128:]) | counts)
    return b"".join([data[:128], *records, tail])


# --- a good file -----------------------------------------------------------------------------------------------------


def test_a_signed_file_holds(signatures: list[bytes | None], ancre: bytes) -> None:
    result = verifier(DATA, signatures, [ancre])
    assert (codes_of(result), result.status) == ([], 0)
    assert [(lot.rang, lot.numero, lot.factures, lot.scelle) for lot in result.lots] == [
        (1, "011", 2, True),
        (2, "012", 1, True),
    ]
    assert [lot.verdict and lot.verdict.status for lot in result.lots] == [Status.PROUVEE, Status.PROUVEE]
    assert "sceaux de 3 factures et de 2 lots" in result.controles
    assert "signature de 2 lots" in result.controles
    assert any("000 (" in sentence for sentence in result.non_controles)


def test_without_an_anchor_the_signer_is_not_proved(signatures: list[bytes | None]) -> None:
    result = verifier(DATA, signatures)
    assert (codes_of(result), result.status) == (["signature.sans_ancre"] * 2, 0)


def test_a_missing_signature_and_one_too_many(signatures: list[bytes | None], ancre: bytes) -> None:
    assert codes_of(verifier(DATA, [signatures[0]], [ancre])) == ["signature.absente"]
    assert verifier(DATA, [None, signatures[1]], [ancre]).status == 4
    shorter = rewritten(LOTS[0])
    result = verifier(shorter, signatures, [ancre])
    assert (codes_of(result), result.status) == (["sceau.signature_sans_lot"], 4)


def test_signatures_of_another_order_are_wrong(signatures: list[bytes | None], ancre: bytes) -> None:
    result = verifier(DATA, signatures[::-1], [ancre])
    assert (codes_of(result), result.status) == (["signature.invalide"] * 2, 4)


def test_without_the_extra_the_result_says_that_signatures_were_not_checked(
    signatures: list[bytes | None], ancre: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def require(name: str, *, extra: str) -> None:
        raise UsageError("installation.extra_absent", f"Sans {name}.", action=f"Installer {extra}.")

    monkeypatch.setattr(resources, "require", require)
    monkeypatch.setattr("fse.domain.signature.verification.require", require)
    result = verifier(DATA, signatures, [ancre])
    assert (codes_of(result), result.status) == (["signature.non_verifiee"] * 2, 0)
    assert not any("signature" in sentence for sentence in result.controles)
    assert sum("n'est pas installé" in sentence for sentence in result.non_controles) == 2
    broken = verifier(flipped(128 * 3 + 100), signatures, [ancre])
    assert "sceau.facture" in codes_of(broken)
    assert broken.status == 4


def test_an_anchor_that_is_no_certificate_is_an_error(signatures: list[bytes | None]) -> None:
    with pytest.raises(SignatureError) as refusal:
        verifier(DATA, signatures, [b"rien"])
    assert refusal.value.code == "signature.ancre_illisible"


def test_a_plain_lot_has_no_seal_and_it_is_said() -> None:
    result = verifier(b2_file(b2_lot(1, [b2_facture(1)], sealed=False)))
    assert codes_of(result) == ["signature.absente"]
    assert [lot.scelle for lot in result.lots] == [False]
    assert "sceaux du lot n° 1 : il n'en porte pas" in result.non_controles


def test_a_return_has_counts_and_sums_only() -> None:
    result = verifier(noemie_file())
    assert (result.status, result.lots) == (0, ())
    assert "signature : ces fichiers n'en portent pas" in result.non_controles
    place = noemie_file().rfind(b"99099") + 35
    assert verifier(flipped(place, 1, noemie_file())).status == 1


def test_what_is_not_ours_is_the_typed_error() -> None:
    with pytest.raises(UnreadableError):
        verifier(b"%PDF-1.7")


# --- every byte ------------------------------------------------------------------------------------------------------


def by_digest(content: bytes, cms: bytes, ancres: object, lcr: object) -> Verdict:
    """Stands for the verification of a CMS, whose digest is all that depends on the content: thousands are made."""
    intact = hashlib.sha256(content).digest() == cms
    return Verdict(status=Status.PROUVEE if intact else Status.INVALIDE, detail="")


def expected_of(rank: int) -> tuple[int, str | None] | None:
    """Lot, and invoice when there is one, of a record of the good file (0-based rank); nothing for an envelope."""
    following = 1
    for lot, records in enumerate(LOTS, start=1):
        if following <= rank < following + len(records):
            kind = records[rank - following][:1]
            number = records[rank - following][26:35].decode()
            return lot, None if kind in b"16" else number
        following += len(records)
    return None


def named(result: Verification) -> tuple[set[str], set[int]]:
    """Numbers of the invoices and ordinals of the lots that the seals name."""
    factures: set[str] = set()
    lots: set[int] = set()
    for constat in result.constats:
        if constat.code == "sceau.facture":
            factures |= set(re.findall(r"facture (.{9}) du lot", constat.message))
        elif constat.code == "sceau.lot":
            lots |= {int(number) for number in re.findall(r"du lot n° (\d+) du fichier", constat.message)}
    return factures, lots


def flips() -> Iterator[tuple[int, int]]:
    for place in range(len(DATA)):
        for mask in MASKS:
            yield place, mask


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.long)])
def test_each_byte_flipped_is_detected_and_the_right_invoice_or_lot_is_named(
    step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One flip in seven, which meets every field of a record in one or another; every flip in the long lane."""
    monkeypatch.setattr(module, "_verify", by_digest)
    digests = [hashlib.sha256(content).digest() for content in CONTENTS]
    clean = verifier(DATA, digests)
    assert codes_of(clean) == []
    uncovered = " ".join(clean.non_controles)
    for place, mask in islice(flips(), 0, None, step):
        rank, position = divmod(place, 128)
        try:
            result = verifier(flipped(place, mask), digests)
        except UnreadableError:
            assert rank == 0
            continue
        expected = expected_of(rank)
        if expected is None:
            layout = B2.layouts["000" if rank == 0 else "999"]
            field = next(field for field in layout.champs if position in range(field.debut - 1, field.fin))
            listed = re.search(rf"{layout.type} \([^)]*\b{field.nom}\b", uncovered)
            assert listed or codes_of(result), (layout.type, field.nom, mask)
            continue
        lot, facture = expected
        factures, lots = named(result)
        assert "signature.invalide" in codes_of(result), (place, mask)
        assert result.status == 4
        if facture is None:
            assert lot in lots, (place, mask)
        else:
            assert facture in factures, (place, mask, factures)
            assert factures - {facture} <= neighbours(rank), (place, mask, factures)


def neighbours(rank: int) -> set[str]:
    """The invoices on the other side of a border that this record stands at."""
    return {found[1] for near in (rank - 1, rank + 1) if (found := expected_of(near)) and found[1]}


def test_what_is_not_covered_of_the_envelope_is_said_and_the_rest_is_not() -> None:
    uncovered = " ".join(verifier(DATA).non_controles)
    assert "000 (date_arrivee, date_creation, norme, reserve_sesam, message)" in uncovered
    assert "999 (" not in uncovered


@pytest.mark.parametrize("rank", range(1, len(RECORDS) - 1))
def test_a_real_signature_refuses_a_flip_of_each_record(
    rank: int, signatures: list[bytes | None], ancre: bytes
) -> None:
    result = verifier(flipped(128 * rank + 40), signatures, [ancre])
    expected = expected_of(rank)
    assert expected is not None
    statuses = {lot.rang: lot.verdict and lot.verdict.status for lot in result.lots}
    assert statuses[expected[0]] is Status.INVALIDE
    assert statuses[3 - expected[0]] is Status.PROUVEE


def test_a_finding_tells_number_rank_and_positions_of_the_invoice() -> None:
    result = verifier(flipped(128 * 6 + 90))
    constat = next(constat for constat in result.constats if constat.code == "sceau.facture")
    assert (constat.place.rang, constat.place.octet) == (6, 128 * 5)
    assert "facture 000000002 du lot n° 1" in constat.message
    assert "rang 6 à 10, octets 640 à 1279" in constat.message


# --- what a forger would do ------------------------------------------------------------------------------------------


def test_a_forged_and_resealed_lot_is_caught_by_its_signature_only(
    signatures: list[bytes | None], ancre: bytes
) -> None:
    first = seal_facture([LOTS[0][1], LOTS[0][2][:78] + b"1" + LOTS[0][2][79:], LOTS[0][3]])
    rest = LOTS[0][4:-1]
    trailer = seal_lot(LOTS[0][0], [read_seal(first[-1]), read_seal(rest[-1])], LOTS[0][-1])
    forged = rewritten([LOTS[0][0], *first, *rest, trailer, *LOTS[1]])
    result = verifier(forged, signatures, [ancre])
    assert [code for code in codes_of(result) if code.startswith(("sceau", "signature"))] == ["signature.invalide"]
    assert result.status == 4


def test_invoices_exchanged_taken_out_or_put_in_break_the_seal_of_the_lot() -> None:
    header, *records, trailer = LOTS[0]
    first, second = records[:3], records[3:]
    for changed in ([*second, *first], second, [*first, *second, *LOTS[1][1:-1]]):
        result = verifier(rewritten([header, *changed, trailer, *LOTS[1]]))
        assert named(result) == (set(), {1})


def test_a_seal_wiped_out_does_not_make_a_plain_lot() -> None:
    blank = [record[:96] + b" " * 32 if record[:1] in b"56" else record for record in LOTS[0]]
    result = verifier(rewritten([*blank, *LOTS[1]]))
    assert named(result) == ({"000000001", "000000002"}, {1})


# --- the command -----------------------------------------------------------------------------------------------------


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(root, ["verifier", *map(str, arguments)], standalone_mode=False)
    assert result.exception is None, result.exception
    return result


@pytest.fixture
def folder(tmp_path: Path, signatures: list[bytes | None]) -> Path:
    (tmp_path / "001-000001.b2").write_bytes(DATA)
    for rank, cms in enumerate(signatures, start=1):
        (tmp_path / f"001-000001-{rank:03d}.p7s").write_bytes(cms or b"")
    (tmp_path / "001-000001-1.p7s").write_bytes(b"another name")
    return tmp_path


def test_signatures_are_found_beside_the_file(folder: Path) -> None:
    anchor = key_folder() / "ancre.pem"
    result = run(folder / "001-000001.b2", "--ancre", anchor)
    assert result.return_value == 0
    assert "rien à redire" in result.stdout
    assert "Non contrôlé :" in result.stdout
    assert run(folder / "001-000001.b2").return_value == 0
    (folder / "001-000001-001.p7s").unlink()
    missing = run(folder / "001-000001.b2", "--ancre", anchor)
    assert missing.return_value == 4
    assert "une signature manque" in missing.stdout


def test_json_says_the_same_and_the_highest_status_is_given(folder: Path) -> None:
    (folder / "retour.noe").write_bytes(noemie_file())
    (folder / "autre.b2").write_bytes(flipped(500))
    (folder / "f.pdf").write_bytes(b"%PDF")
    result = run("--format", "json", folder / "retour.noe", folder / "autre.b2", folder / "f.pdf", folder / "absent")
    assert result.return_value == 4
    assert "f.pdf" in result.stderr
    assert "absent" in result.stderr
    first, second = json.loads(result.stdout)
    assert (first["etat"], second["etat"]) == (0, 4)
    assert {constat["code"] for constat in second["constats"]} >= {"sceau.facture", "signature.absente"}
    assert second["lots"][0]["constats"]
    assert run(folder / "f.pdf").return_value == 3
    text = run(folder / "autre.b2")
    assert "NE PAS S'Y FIER" in text.stdout


# --- revocation lists ------------------------------------------------------------------------------------------------


@pytest.fixture
def revoked_folder(tmp_path: Path) -> Path:
    """A signed file, the anchor of its signer, and lists: one that names nobody, one that names the signer."""
    pki, at = chain(), SIGNED
    (tmp_path / "001-000001.b2").write_bytes(DATA)
    for rank, content in enumerate(CONTENTS, start=1):
        with time_machine.travel(at, tick=False):
            cms = sign_lot(content, OpenedSigner(pki.direct, pki.leaf_key, ()))
        (tmp_path / f"001-000001-{rank:03d}.p7s").write_bytes(cms)
    (tmp_path / "ancre.pem").write_bytes(pki.anchor)
    (tmp_path / "bonne.crl").write_bytes(revocation_list(pki.root_key))
    (tmp_path / "revoque.crl").write_bytes(revocation_list(pki.root_key, revoked={pki.direct.serial_number: at}))
    (tmp_path / "autre.crl").write_bytes(revocation_list(pki.root_key, "AUTRE"))
    return tmp_path


@pytest.mark.parametrize(
    ("lists", "status", "said"),
    [
        ([], 0, "révocation du signataire du lot n° 1 : aucune liste n'a été donnée"),
        (["bonne.crl"], 0, "révocation du signataire de 2 lots"),
        (["autre.crl"], 0, "révocation du signataire du lot n° 2 : les listes données ne disent rien de lui"),
        (["revoque.crl"], 4, "signature.revoquee"),
        (["bonne.crl", "revoque.crl", "autre.crl"], 4, "NE PAS S'Y FIER"),
    ],
    ids=str,
)
def test_lists_are_given_by_option_or_by_the_practice(
    revoked_folder: Path, lists: list[str], status: int, said: str
) -> None:
    file = revoked_folder / "001-000001.b2"
    options = [part for one in lists for part in ("--lcr", revoked_folder / one)]
    by_option = run(file, "--ancre", revoked_folder / "ancre.pem", *options)
    assert (by_option.return_value, said in by_option.stdout) == (status, True), by_option.stdout
    trust = f"\n[confiance]\nancres = ['ancre.pem']\nlcr = {lists}\n"
    (revoked_folder / "cabinet.toml").write_text(CABINET + trust, encoding="utf-8")
    by_practice = run(file, "--cabinet", revoked_folder / "cabinet.toml")
    assert (by_practice.return_value, by_practice.stdout) == (status, by_option.stdout)


def test_the_practice_is_named_by_the_environment_too(revoked_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (revoked_folder / "cabinet.toml").write_text(CABINET + "\n[confiance]\nancres = ['ancre.pem']\n", encoding="utf-8")
    assert "signature.sans_ancre" in run(revoked_folder / "001-000001.b2").stdout
    monkeypatch.setenv("FSE_CABINET", str(revoked_folder / "cabinet.toml"))
    assert "est prouvé" in run(revoked_folder / "001-000001.b2").stdout


def test_json_names_what_the_lists_say(revoked_folder: Path) -> None:
    file, anchor = revoked_folder / "001-000001.b2", revoked_folder / "ancre.pem"
    result = run("--format", "json", file, "--ancre", anchor, "--lcr", revoked_folder / "revoque.crl")
    verdicts = [lot["verdict"] for lot in json.loads(result.stdout)[0]["lots"]]
    assert [(one["status"], one["revocation"]) for one in verdicts] == [("revoquee", "revoque")] * 2


def test_what_is_no_list_is_the_typed_error(signatures: list[bytes | None], ancre: bytes) -> None:
    with pytest.raises(SignatureError) as refusal:
        verifier(DATA, signatures, [ancre], [b"rien"])
    assert refusal.value.code == "signature.lcr_illisible"
