"""Smallest failing inputs of the findings on the certificates that files are encrypted for."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache

from fse.base.findings import Finding
from fse.domain.signature.recipients import WARNING_DAYS, expiry_findings
from fse.infra.keys.trial_certificates import ENCRYPTION, VALIDITY, issue, new_key, subject_name, trial_authority
from tests.findings.registry import Case

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
END = (START + VALIDITY).date()


def _said(day: date, *starts: datetime) -> Iterable[Finding]:
    key = _key()
    certificates = {}
    for rank, start in enumerate(starts):
        authority = trial_authority(key, start)
        certificates[f"{rank}.pem"] = issue(subject_name("caisse"), key.public_key(), authority, key, ENCRYPTION)
    return expiry_findings("CT 998", certificates, day)


_key = cache(new_key)

CAS: dict[str, Case] = {
    "chiffrement.expires": lambda: _said(END + timedelta(days=1), START),
    "chiffrement.expire_bientot": lambda: _said(END - timedelta(days=WARNING_DAYS), START),
    "chiffrement.expire": lambda: _said(END + timedelta(days=1), START, START + timedelta(days=90)),
}
