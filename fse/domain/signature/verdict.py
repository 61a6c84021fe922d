"""What a verification of a lot's signature says: a value, its French words, and the finding it becomes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fse.base.findings import NOWHERE, Finding, Place, finding


class Status(StrEnum):
    """The outcomes. Each one but `PROUVEE` is the finding `signature.<status>`."""

    INVALIDE = "invalide"  # content altered, signature false, not a CMS, algorithm too weak to tell
    SANS_ANCRE = "sans_ancre"  # intact; no anchor given, so the signer is a name and nothing more
    NON_PROUVEE = "non_prouvee"  # intact; anchors given, and the signer does not lead to them
    REVOQUEE = "revoquee"  # intact; the signer leads to an anchor, but was revoked at the signing time
    PROUVEE = "prouvee"  # intact, and the signer leads to an anchor at the signing time
    NON_VERIFIEE = "non_verifiee"  # not looked at: the extra `verification` is not installed


class Etat(StrEnum):
    """What revocation lists say of a certificate at a moment."""

    INCONNU = "inconnu"  # no list given, or none that can tell
    VALABLE = "valable"  # a list that covers this moment does not name it
    REVOQUE = "revoque"  # revoked at this moment or before
    REVOQUE_APRES = "revoque_apres"  # revoked since


_PROVED: dict[Etat | None, str] = {
    Etat.INCONNU: "signature.revocation_inconnue",
    Etat.REVOQUE_APRES: "signature.revoquee_ensuite",
}
"""What is still to say of a proved signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One lot's signature, judged.

    `signataire` is the common name of the certificate joined to the CMS (printable, at most 80 characters; empty
    when it cannot be read): *proved* only when `prouve`. `signe_le` is the time that the signer declares, UTC;
    nobody attests it. `revocation` is what the revocation lists say of the signer and of the authorities up to the
    anchor, the gravest first; `None` when no list was given or there was no proved chain to look up. `detail` is a few
    French sentences; it always says what was not checked.
    """

    status: Status
    detail: str
    signataire: str = ""
    signe_le: datetime | None = None
    revocation: Etat | None = None

    @property
    def integre(self) -> bool:
        """The payload is, byte for byte, what the key of the joined certificate signed."""
        return self.status in (Status.SANS_ANCRE, Status.NON_PROUVEE, Status.REVOQUEE, Status.PROUVEE)

    @property
    def prouve(self) -> bool:
        """Intact, and the signer is who an anchor given by the caller says."""
        return self.status is Status.PROUVEE

    def findings(self, place: Place = NOWHERE) -> tuple[Finding, ...]:
        """The finding of this verdict; none when the signature is proved and no list says more or fails to tell."""
        code = _PROVED.get(self.revocation) if self.prouve else f"signature.{self.status}"
        if code is None:
            return ()
        return (finding(code, place, detail=self.detail, signataire=self.signataire),)
