"""MIME entities: ours are read by the standard library and by ourselves; any bytes end well, and soon."""

from __future__ import annotations

import email
import time
from contextlib import suppress
from email import policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fse.base.errors import UnreadableError
from fse.infra.transport import mime
from fse.infra.transport.entity import Attachment, build_entity
from fse.infra.transport.names import clean_name
from fse.infra.transport.unpacking import read_entity

NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60).map(clean_name).filter(bool)
FILES = st.lists(st.builds(Attachment, NAMES, st.binary(max_size=300)), max_size=4)


def entity(headers: str, body: bytes) -> bytes:
    return headers.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body


def refusal(data: bytes) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        read_entity(data)
    assert caught.value.action
    return caught.value


@given(FILES)
def test_what_is_built_is_read_back(attachments: list[Attachment]) -> None:
    data = build_entity(attachments)
    assert read_entity(data) == attachments
    assert build_entity(attachments) == data
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998  # RFC 5322
    assert b"\n" not in data.replace(b"\r\n", b"")


@given(FILES)
def test_the_standard_reader_agrees(attachments: list[Attachment]) -> None:
    read = email.message_from_bytes(build_entity(attachments), policy=policy.default)
    assert [(one.get_filename(), one.get_content()) for one in read.iter_attachments()] == [
        (one.nom, one.contenu) for one in attachments
    ]


@pytest.mark.parametrize(
    ("encoding", "body", "content"),
    [
        ("base64", b"QUJD\r\nREVG\r\n", b"ABCDEF"),
        ("BASE64", b"QUJDREVG", b"ABCDEF"),
        ("quoted-printable", b"A=C9=\r\nB\r\n", b"A\xc9B\r\n"),
        ("8bit", b"A\xc9" + b"B" * 3000 + b"\r\n", b"A\xc9" + b"B" * 3000 + b"\r\n"),
        ("x-unknown", b"ABC", b"ABC"),
        ("base64", b"not base64 \xff\xfe!", None),
    ],
)
def test_encodings(encoding: str, body: bytes, content: bytes | None) -> None:
    headers = f"Content-Type: application/octet-stream; name=a.noe\nContent-Transfer-Encoding: {encoding}"
    (found,) = read_entity(entity(headers, body))
    assert found.nom == "a.noe"
    if content is not None:
        assert found.contenu == content


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a b.noe"', "a b.noe"),
        ("attachment; filename*=utf-8''r%C3%A9ponse.noe", "réponse.noe"),
        ("attachment; filename*=iso-8859-1'fr'r%E9ponse.noe", "réponse.noe"),
        ('attachment; filename*0="rep";\n filename*1="onse.noe"', "reponse.noe"),
        ('attachment; filename="=?utf-8?B?csOpcG9uc2Uubm9l?="', "réponse.noe"),
        ('attachment; filename="=?no-such-charset?B?csOp?="', "=_no-such-charset_B_csOp_="),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\retours\\\\a.noe"', "a.noe"),
        ('attachment; filename=".cache"', "cache"),
        ("attachment; filename*=utf-8''a%00%0Ab%E2%80%AEexe.noe", "abexe.noe"),
        ("attachment; filename*=utf-8''%2E%2E", "piece-1"),
        ("attachment; filename*=x; filename*0=y; filename*1*=z", None),
        ("attachment; filename*" + "9" * 5000 + "=y", None),
        ("attachment", "piece-1"),
    ],
)
def test_names(disposition: str, name: str | None) -> None:
    headers = f"Content-Type: application/octet-stream\nContent-Disposition: {disposition}"
    (found,) = read_entity(entity(headers, b"x"))
    assert found.nom == name or name is None


def test_a_long_name_keeps_its_suffix() -> None:
    assert clean_name("é" * 300 + ".noe") == "é" * 96 + ".noe"


def test_a_text_is_a_file_when_it_has_a_name() -> None:
    assert read_entity(entity("Content-Type: text/plain", b"Bonjour")) == []
    assert [one.nom for one in read_entity(entity("Content-Type: text/plain; name=a.noe", b"000"))] == ["a.noe"]


def test_too_big_is_refused() -> None:
    assert refusal(b"a" * (mime.TAILLE_MAX + 1)).code == "courrier.trop_gros"


def test_too_many_parts_are_refused() -> None:
    parts = b"--b\r\nContent-Type: application/pdf\r\n\r\nx\r\n" * 101
    assert refusal(entity("Content-Type: multipart/mixed; boundary=b", parts)).code == "courrier.trop_gros"


def nested(depth: int) -> bytes:
    return b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (rank, rank) for rank in range(depth)
    )


def test_levels_are_bounded() -> None:
    assert read_entity(nested(15) + b"Content-Type: application/pdf\r\n\r\nx") == [Attachment("piece-1", b"x")]
    assert refusal(nested(50)).code == "courrier.trop_gros"
    assert refusal(nested(5000)).code == "courrier.trop_gros"
    assert refusal(b"Content-Type: message/rfc822\r\n\r\n" * 5000).code == "courrier.trop_gros"


@pytest.mark.parametrize(
    "data",
    [
        b'Content-Type: multipart/mixed; boundary="' + b"\\;" * 1_000_000,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 1_000_000,
        pytest.param(nested(20) + b"\r\n" * 990_000, marks=pytest.mark.long),
        nested(90) + b"\r\n" * 990_000,
        b"\n" * mime.TAILLE_MAX,
        pytest.param(b"a:\n" * 700_000, marks=pytest.mark.long),
        b"a: b\r\n" + b" c\r\n" * 500_000,
        b"Subject: " + b"=?utf-8?q?" * 1600,
        b'Content-Type: application/pdf; name="' + b"=?utf-8?b?" * 1600,
        b"Content-Type: application/pdf; " + b"name*0=a;" * 1800 + b"\r\n\r\nx",
        b"Content-Type: application/pdf; " + b'a=";' * 4000 + b"\r\n\r\nx",
        b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: uuencode\r\n\r\nbegin 644 a\r\n" + b"M" * 900_000,
        b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * 9_000_000,
    ],
    ids=range(13),
)
def test_crafted_bytes_end_soon(data: bytes) -> None:
    start = time.process_time()
    with suppress(UnreadableError):
        read_entity(data)
    assert time.process_time() - start < 10
