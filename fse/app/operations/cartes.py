"""Why the certificate of a card may not sign today: what the revocation lists of `[confiance]` say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from cryptography import x509

from fse.app.operations.cabinet import Cabinet
from fse.app.operations.cabinet.confiance import read_ancres, read_lcr
from fse.domain.signature.lists import read_lists
from fse.domain.signature.revocation import revocation_at
from fse.domain.signature.trust import anchor_certificates, is_issued_by
from fse.domain.signature.verdict import Etat
from fse.infra.keys.card import Objection

_REFUSED = (Etat.REVOQUE, Etat.REVOQUE_APRES)  # a lot signed now is judged later: a revocation to come refuses it too


def revocation_objection(cabinet: Cabinet, moment: datetime, tell: Callable[[str], object]) -> Objection:
    """What refuses a revoked certificate at `moment` (with a zone); it `tell`s, in French, when no list can say.

    Nothing is told when the practice gave no list. Files are read when the first card is judged. Raises then
    `SignatureError`: `confiance.illisible`, `signature.ancre_illisible`, those of `read_lists`.
    """

    def objection(certificate: x509.Certificate, issuers: tuple[x509.Certificate, ...]) -> str:
        if not cabinet.confiance.lcr:
            return ""
        anchors = [one for content in read_ancres(cabinet) for one in anchor_certificates(content)]
        answer = revocation_at(
            certificate, read_lists(read_lcr(cabinet)), [*anchors, *_proved(issuers, anchors)], moment
        )
        if answer.etat in _REFUSED:
            return answer.detail
        if answer.etat is Etat.INCONNU:
            tell(answer.detail)
        return ""

    return objection


def _proved(issuers: tuple[x509.Certificate, ...], anchors: list[x509.Certificate]) -> Iterable[x509.Certificate]:
    """The issuers found on the card that lead, one by one, to an anchor; `issuers` go upwards."""
    proved: list[x509.Certificate] = []
    for one in reversed(issuers):
        if one in anchors or any(is_issued_by(one, above) for above in (*anchors, *proved)):
            proved.append(one)
    return proved
