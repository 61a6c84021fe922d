"""`coter`: price and control the care of documents, line by line, with the rule, the value and the source of each.

Writes nothing. What the rules count (a series, a cap) is read in the journal when there is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cotation.facture import FactureCotee, price_invoice
from fse.app.operations.cotation.historique import Passe
from fse.app.operations.practice import Practice
from fse.app.operations.reseaux.enregistrer import judged
from fse.base.findings import Finding, finding
from fse.norm.codec import documents, xml
from fse.norm.model.saisie import DocumentFactures


@dataclass(frozen=True, slots=True)
class Cotation:
    """A document priced. `document` has its lines, `None` when it does not read; `constats` are those of its reading,
    then those of its invoices, in order.
    """

    document: DocumentFactures | None
    factures: tuple[FactureCotee, ...]
    constats: tuple[Finding, ...]

    @property
    def montant(self) -> int:
        """Centimes: what its invoices bill."""
        return sum(one.saisie.facture.total_honoraires for one in self.factures)

    def xml(self) -> bytes:
        """The same document with its lines, as `securiser` takes it. Raises `ValueError` on one that did not read."""
        if self.document is None:
            raise ValueError("the document did not read")
        return xml.build(self.document)


def coter(cabinet: Cabinet, entrees: Iterable[bytes], practice: Practice | None = None) -> tuple[Cotation, ...]:
    """Price every invoice of these documents, XML or JSON, each counting what those before it bill; an invoice without
    `soins` keeps the lines that it has. What networks are asked for is controlled only.

    `practice`: its journal open, for the rules that count what was billed before; without it, only what is in the
    documents counts. Raises `StorageError` when the journal does not read.
    """
    with ExitStack() as stack:
        passe = Passe(stack.enter_context(practice.journal.reading()) if practice else None)
        return tuple(_price_document(cabinet, entree, passe) for entree in entrees)


def _price_document(cabinet: Cabinet, entree: bytes, passe: Passe) -> Cotation:
    document, found = documents.read(entree)
    if document is None:
        return Cotation(None, (), tuple(found))
    if document.cabinet != cabinet.cabinet:
        found = [*found, finding("securisation.autre_cabinet", attendu=cabinet.cabinet)]
    passe.hold(document.factures)
    factures = tuple(price_invoice(cabinet, saisie, passe) for saisie in document.factures)
    services = [judged(cabinet, one, rang)[1] for rang, one in enumerate(document.derogatoires, start=1)]
    found = [*found, *(constat for many in services for constat in many)]
    priced = replace(document, factures=tuple(one.saisie for one in factures))
    return Cotation(priced, factures, (*found, *(constat for one in factures for constat in one.constats)))
