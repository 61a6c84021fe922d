"""Any content to Arrow record batches with a verdict on each of its files: proved by columns, or judged by records."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

from fse.base.findings import Finding
from fse.norm.codec.noemie.columns.judging import Again, FichierLu, Judging
from fse.norm.codec.noemie.columns.proofs import Proofs, Proved
from fse.norm.codec.reading import read
from fse.norm.layout import EntityRow, FileEnd, FileStart
from fse.norm.layout.columns import Account, Batch
from fse.norm.layout.columns.irregular import Irregular
from fse.norm.layout.columns.regular import WINDOW, Given, RegularReading, Span
from fse.norm.layout.columns.rest import Rest
from fse.norm.referentiels.codes import PACKAGED, CodeLists

_FAMILLE = "noemie"
CONCATENES = "cadrage.fichiers_concatenes"


def read_proved(
    open_chunks: Callable[[], Iterable[bytes]], window: int = WINDOW, codes: CodeLists = PACKAGED
) -> Iterator[Batch | Finding | FichierLu | Account]:
    """What `read_columns` gives, with every finding of `fse.norm.codec.reading.read`, and each file once it has ended.

    Findings are those of the record checks, in their order; those of a file stand before its `FichierLu`. Rows come
    as soon as they are read: whether their file is sound is known behind them. `open_chunks` is called again for the
    files that columns do not prove. Memory is bounded by `window`.
    Raises `UnreadableError` as `fse.norm.codec.reading.read` does.
    """
    account = Account()
    regular = RegularReading(open_chunks(), window)
    verdicts = _Verdicts(open_chunks, codes)
    last = (0, 0)
    try:
        for given in regular.windows():
            for judged in given.judged:
                yield _counted(judged.batch, account)
            yield from verdicts.see(given)
            last = (given.fichier, given.rang)
            account.relues += given.reread
    except Irregular as reason:
        account.relais, account.raison = regular.octet, str(reason)
    if account.relais is not None:
        rest = Rest(last)
        for item in verdicts.behind(rest):
            yield _counted(item, account) if isinstance(item, Batch) else item
        account.inconnues = rest.unknown
    yield account


def _counted(batch: Batch, account: Account) -> Batch:
    account.lignes[batch.edition.famille, batch.edition.nom, batch.layout.type] += batch.rows.num_rows
    return batch


class _Verdicts:
    """The files of a content, each judged once it has ended."""

    def __init__(self, open_chunks: Callable[[], Iterable[bytes]], codes: CodeLists) -> None:
        self._open_chunks = open_chunks
        self._codes = codes
        self._proofs: dict[str, Proofs] = {}
        self._again: Again | None = None
        self._octet = 0
        self._digest = hashlib.sha256()
        self._judged = self._told = 0

    def see(self, given: Given) -> Iterator[Finding | FichierLu]:
        """Findings and files of the next window."""
        proved: dict[int, Proved] = {}
        editions = {span.edition.nom: span.edition for span in given.spans if span.edition.famille == _FAMILLE}
        for edition in editions.values():
            if edition.nom not in self._proofs:
                self._proofs[edition.nom] = Proofs(edition, self._codes)
            proved.update((one.ordinal, one) for one in self._proofs[edition.nom].see(given))
        between = [(row.fichier, row.constats) for row in given.findings if not row.rang]
        for span in given.spans:
            if span.starts:
                self._octet, self._digest = span.octet, hashlib.sha256()
                for fichier, constats in between:
                    if fichier == span.ordinal:
                        yield from constats
                        self._told = fichier
            self._digest.update(span.content.data)
            if span.ends:
                yield from self._verdict(span, proved.get(span.ordinal))
                self._judged = span.ordinal

    def _verdict(self, span: Span, proved: Proved | None) -> Iterator[Finding | FichierLu]:
        fin = span.octet + len(span.content)
        if proved is None or proved.constat is None:
            yield from self._by_records(span.ordinal, fin)
            return
        yield proved.constat
        yield FichierLu(
            ordinal=span.ordinal,
            octet=self._octet,
            fin=fin,
            edition=span.edition,
            enveloppe=proved.enveloppe,
            empreinte=self._digest.hexdigest(),
            enregistrements=(fin - self._octet) // span.edition.longueur,
            complet=True,
            prouve=True,
        )

    def _by_records(self, ordinal: int, fin: int) -> Iterator[Finding | FichierLu]:
        """The file that ends there, read again by the record codec."""
        if self._again is None:
            self._again = Again(self._open_chunks())
        judging = Judging(self._octet, ordinal - 1)
        for item in read(self._again.between(self._octet, fin), codes=self._codes):
            yield from judging.see(item)

    def behind(self, rest: Rest) -> Iterator[Batch | Finding | FichierLu]:
        """What stands behind the last file judged, by the record codec, which reads from the first byte on."""
        judging, speaks = Judging(), not self._judged
        ordinal, edition = 0, None
        for item in read(self._open_chunks(), codes=self._codes):
            if isinstance(item, FileStart):
                ordinal, edition = item.ordinal, item.edition
            elif isinstance(item, EntityRow):
                yield from rest.add(ordinal, edition, item)
            for told in judging.see(item):
                if speaks and not (self._told and isinstance(told, Finding) and told.code == CONCATENES):
                    yield told
            speaks = speaks or (isinstance(item, FileEnd) and item.ordinal == self._judged)
        yield from rest.flush()
