"""Any content to Arrow record batches: by columns as long as it is regular, then by the record codec."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from fse.base.findings import Finding
from fse.norm.layout.columns.irregular import Irregular
from fse.norm.layout.columns.regular import WINDOW, RegularReading
from fse.norm.layout.columns.rest import Rest, read_rest
from fse.norm.layout.columns.table import Batch


@dataclass(slots=True)
class Account:
    """What was given of one content, the last item of `read_columns`.

    `lignes`: rows by (famille, edition, type). `inconnues`: rows whose type no layout knows; they have no table.
    `relues`: rows of the regular part that the record codec read, for a field that does not read plainly.
    `relais`: 0-based offset from which the record codec read everything; `None` when the content is regular to its end.
    `raison`: what was met there, in English.
    """

    lignes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    inconnues: int = 0
    relues: int = 0
    relais: int | None = None
    raison: str = ""


def read_columns(
    open_chunks: Callable[[], Iterable[bytes]], window: int = WINDOW
) -> Iterator[Batch | Finding | Account]:
    """The entity rows of a content as record batches (`fse.norm.layout.columns.table`), its findings, its account.

    `open_chunks` gives the bytes of the content, in pieces of any size; it is called a second time when the content
    is not regular. Rows and findings are those of `fse.norm.layout.read`: rows of one type come in the order of the
    content, and so do findings; batches and findings are not in order among themselves. Memory is bounded by `window`
    (bytes), whatever the size of the content.
    Raises `UnreadableError` (`lecture.pas_a_nous`) when nothing in it is one of our files.
    """
    account = Account()
    regular = RegularReading(open_chunks(), window)
    last = (0, 0)
    try:
        for given in regular.windows():
            yield from _counted((judged.batch for judged in given.judged), account)
            for row in given.findings:
                yield from row.constats
            last = (given.fichier, given.rang)
            account.relues += given.reread
    except Irregular as reason:
        account.relais, account.raison = regular.octet, str(reason)
    if account.relais is not None:
        rest = Rest(last)
        yield from _counted(read_rest(open_chunks(), last, rest), account)
        account.inconnues = rest.unknown
    yield account


def _counted(items: Iterable[Batch | Finding], account: Account) -> Iterator[Batch | Finding]:
    """The same items; the account counts the rows."""
    for item in items:
        if isinstance(item, Batch):
            account.lignes[item.edition.famille, item.edition.nom, item.layout.type] += item.rows.num_rows
        yield item
