"""`coter`: price and control the care of a document, line by line, with the rule, the value and the source of each.

Writes nothing. What the rules count (a series, a cap) is read in the journal when there is one.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cotation.facture import FactureCotee, price_invoice
from fse.app.operations.cotation.historique import Passe
from fse.app.operations.practice import Practice
from fse.base.findings import Finding
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

    def xml(self) -> bytes:
        """The same document with its lines, as `securiser` takes it. Raises `ValueError` on one that did not read."""
        if self.document is None:
            raise ValueError("the document did not read")
        return xml.build(self.document)


def coter(cabinet: Cabinet, entree: bytes, practice: Practice | None = None) -> Cotation:
    """Price every invoice of a document, XML or JSON; those without `soins` keep the lines that they have.

    `practice`: its journal open, for the rules that count what was billed before; without it, only what is in the
    document counts. Raises `StorageError` when the journal does not read.
    """
    document, found = documents.read(entree)
    if document is None:
        return Cotation(None, (), tuple(found))
    with ExitStack() as stack:
        passe = Passe(stack.enter_context(practice.journal.reading()) if practice else None)
        factures = tuple(price_invoice(cabinet, saisie, passe) for saisie in document.factures)
    priced = replace(document, factures=tuple(one.saisie for one in factures))
    return Cotation(priced, factures, (*found, *(constat for one in factures for constat in one.constats)))
