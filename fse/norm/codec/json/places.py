"""Where a value stands in a JSON document: which invoice, and the keys inside it (`prestations[2]/taux`, from 1).

As in XML (`xml.places`), a path never holds a value of the document; a key is shown only when it reads like a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fse.base.findings import Finding, Place, finding
from fse.norm.codec.xml.places import REFERENCE, name_facture

_NAME = re.compile(r"[A-Za-z_$@][A-Za-z_$@.:-]{0,39}")


def shown(key: str, ordinal: int) -> str:
    """A key that someone else wrote: itself when it reads like a name (no digit: it is no NIR), else its rank."""
    return key if _NAME.fullmatch(key) else f"clé n° {ordinal}"


@dataclass(frozen=True, slots=True)
class Where:
    """A place of the document. `facture` is how the invoice is named to a practice, `rang` its rank, both or none."""

    steps: tuple[str, ...] = ()
    rang: int | None = None
    facture: str = ""

    def below(self, step: str) -> Where:
        return Where((*self.steps, step), self.rang, self.facture)

    def nth(self, rang: int) -> Where:
        """One of the items of an array, from 1."""
        return Where((*self.steps[:-1], f"{self.steps[-1]}[{rang}]"), self.rang, self.facture)

    def find(self, code: str, **values: object) -> Finding:
        """A finding here."""
        champ = "/".join(self.steps)
        lieu = f"Facture {self.facture}" if self.facture else "Document"
        place = Place(type="facture" if self.facture else "document", rang=self.rang, champ=champ or None)
        return finding(code, place, lieu=f"{lieu}, {champ}" if champ else lieu, **values)


def of_facture(node: object, rang: int) -> Where:
    """The place of an invoice, named by its reference when that can be shown."""
    pairs = node if isinstance(node, tuple) else ()
    reference = next((value for key, value in pairs if key == REFERENCE), None)
    return Where((), rang, name_facture(reference if isinstance(reference, str) else "", rang))
