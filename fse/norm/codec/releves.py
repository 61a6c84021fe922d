"""Bank statements of either format, recognised by content: each with what identifies it, its findings and its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fse.base.errors import UnreadableError
from fse.base.findings import Finding, Place, finding
from fse.norm.codec import camt
from fse.norm.codec.cfonb import framing as cfonb
from fse.norm.codec.reading import look_ahead, read
from fse.norm.codec.statements import bounded, statement_findings
from fse.norm.layout import EntityRow, FileEnd, FileStart, has_envelope

if TYPE_CHECKING:
    from fse.norm.model.releve import ReleveBancaire

CAMT = "camt"
CFONB = "cfonb"
FAMILLES = frozenset({CAMT, CFONB})

FIRST_LOOK = 65536


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleveLu:
    """One statement of a content: a logical file. `ordinal` from 1; `octet`: 0-based, of its first byte (0 in XML).

    `contenu`: what its archive keeps, from which it reads again the same; in XML, its element alone in canonical form.
    `empreinte`: SHA-256 (hex) of its records without line ends, or of that form. `releve` is `None` when it does not
    read; `constats` say why. What stands before it in the content is told with it.
    """

    famille: str
    ordinal: int
    octet: int
    empreinte: str
    contenu: bytes
    releve: ReleveBancaire | None
    constats: tuple[Finding, ...]


def is_xml(window: bytes) -> bool:
    """True when these first bytes are of a camt.053 document."""
    return camt.recognises(window)


def is_statement(window: bytes) -> bool:
    """True when these first bytes are of a bank statement."""
    return camt.recognises(window) or (not has_envelope(window) and cfonb.recognises(window))


def first_look(chunks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """What `is_statement` looks at, and all the chunks."""
    return look_ahead(chunks, FIRST_LOOK)


def read_releves(chunks: Iterable[bytes]) -> Iterator[ReleveLu]:
    """The statements of a content, in order. Raises `UnreadableError` when it is none, or an XML that is refused."""
    window, whole = first_look(chunks)
    if camt.recognises(window):
        yield from _camt(whole)
    elif is_statement(window):
        yield from _cfonb(bounded(whole))
    else:
        raise UnreadableError(
            "lecture.pas_un_releve",
            "Ce contenu n'est pas un relevé de compte CFONB 120 ou camt.053.",
            action="Vérifier le format demandé à la banque.",
        )


def _cfonb(data: bytes) -> Iterator[ReleveLu]:
    from fse.norm.codec.cfonb.reading import read_statement  # late: few contents are statements

    between: list[Finding] = []
    start: FileStart | None = None
    rows: list[EntityRow] = []
    found: list[Finding] = []
    for item in read([data]):
        if isinstance(item, FileStart):
            start, rows, found, between = item, [], between, []
        elif isinstance(item, EntityRow):
            rows.append(item)
            found.extend(item.constats)
        elif isinstance(item, Finding):
            (between if start is None else found).append(item)
        elif isinstance(item, FileEnd) and start is not None and start.edition is not None:
            yield ReleveLu(
                famille=CFONB,
                ordinal=start.ordinal,
                octet=start.octet,
                empreinte=item.empreinte,
                contenu=data[start.octet : item.octet],
                releve=read_statement(start.edition, rows) if item.complet else None,
                constats=tuple(found),
            )
            start = None


def _camt(chunks: Iterable[bytes]) -> Iterator[ReleveLu]:
    from fse.norm.codec.camt.parsing import canonical, parse  # late: lxml
    from fse.norm.codec.camt.reading import UnreadableStatementError, read_statement

    for ordinal, one in enumerate(parse(chunks), start=1):
        content = canonical(one)
        place = Place(octet=0)
        found: list[Finding] = []
        releve: ReleveBancaire | None = None
        try:
            releve, waiting = read_statement(one)
        except UnreadableStatementError as error:
            found.append(finding(error.code, place))
        else:
            if waiting:
                found.append(finding("banque.en_attente", place, nombre=waiting))
            found.extend(statement_findings(releve, place))
        yield ReleveLu(
            famille=CAMT,
            ordinal=ordinal,
            octet=0,
            empreinte=hashlib.sha256(content).hexdigest(),
            contenu=content,
            releve=releve,
            constats=tuple(found),
        )
