"""The guarantee of payment: a reject about rights is contestable when the card was read and was not in opposition.

Article 61 of the draft convention of 07/07/2011, not in force as such: with third-party payment the compulsory part is
paid on the rights of the card at the date of care, unless the card is on the opposition list. The evidence is what the
practice software gave at the visit, kept encrypted with the invoice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fse.base.errors import StorageError
from fse.infra.journal.facts.factures import FactureRow
from fse.infra.journal.transaction import Reading
from fse.norm.codec import documents
from fse.norm.model.saisie import Saisie

ARTICLE = "article 61 (projet de convention du 07/07/2011)"

FAMILLES_DROITS = frozenset({"droits", "exoneration"})
"""The families of causes that the guarantee answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Garantie:
    """The evidence: card read on `lecture_le`, not in opposition, rights that cover every day of care.

    `droits` are the periods that the card showed, (first, last or `None`), empty when it was not asked for them.
    """

    article: str
    lecture_le: date
    droits: tuple[tuple[date, date | None], ...]

    @property
    def periodes(self) -> str:
        """The periods of rights in French, "" when the card was not asked for them."""
        return ", ".join(
            f"du {debut:%d/%m/%Y} au {fin:%d/%m/%Y}" if fin else f"depuis le {debut:%d/%m/%Y}"
            for debut, fin in self.droits
        )


def guarantee(reading: Reading, row: FactureRow) -> Garantie | None:
    """The evidence that an invoice is covered, `None` when it is not, or when nothing proves it."""
    if not row.attend_amo:
        return None
    try:
        document, _ = documents.read(reading.load(row.contenu_saisie))
    except StorageError:  # destroyed at the end of its retention, or with its person
        return None
    return None if document is None else _evidence(document.factures[0])


def _evidence(saisie: Saisie) -> Garantie | None:
    contexte = saisie.contexte
    if contexte.source != "carte" or contexte.opposition or contexte.date_lecture is None:
        return None
    droits = tuple((periode.debut, periode.fin) for periode in contexte.periodes_droits)
    days = [prestation.date_soins for prestation in saisie.facture.prestations]
    if droits and not all(_covers(droits, day) for day in days):
        return None
    return Garantie(article=ARTICLE, lecture_le=contexte.date_lecture, droits=droits)


def _covers(droits: tuple[tuple[date, date | None], ...], day: date) -> bool:
    return any(debut <= day and (fin is None or day <= fin) for debut, fin in droits)
