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
    PROUVEE = "prouvee"  # intact, and the signer leads to an anchor at the signing time
    NON_VERIFIEE = "non_verifiee"  # not looked at: the extra `verification` is not installed


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One lot's signature, judged.

    `signataire` is the common name of the certificate joined to the CMS (printable, at most 80 characters; empty
    when it cannot be read): *proved* only when `prouve`. `signe_le` is the time that the signer declares, UTC;
    nobody attests it. `detail` is one or two French sentences; it always says what was not checked.
    """

    status: Status
    detail: str
    signataire: str = ""
    signe_le: datetime | None = None

    @property
    def integre(self) -> bool:
        """The payload is, byte for byte, what the key of the joined certificate signed."""
        return self.status in (Status.SANS_ANCRE, Status.NON_PROUVEE, Status.PROUVEE)

    @property
    def prouve(self) -> bool:
        """Intact, and the signer is who an anchor given by the caller says."""
        return self.status is Status.PROUVEE

    def findings(self, place: Place = NOWHERE) -> tuple[Finding, ...]:
        """The finding of this verdict, or none when the signature is proved."""
        if self.prouve:
            return ()
        return (finding(f"signature.{self.status}", place, detail=self.detail, signataire=self.signataire),)
