"""What the commands print: French text for people, JSON for programs. Personal data is masked unless asked."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import click

from fse.base.findings import Finding, Place, Severity
from fse.base.french import counted

MASKED = "•••"


def to_json(value: Any) -> Any:
    """A value as JSON holds it: dataclasses as objects, sets sorted, dates ISO, decimals as text, bytes never."""
    if isinstance(value, Finding):
        return finding_json(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: to_json(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return [to_json(item) for item in sorted(value)]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (Decimal, Path)):
        return str(value)
    return value


def finding_json(finding: Finding, *, en_clair: bool = False) -> dict[str, Any]:
    """A finding as an object; the raw value of a personal field is masked unless `en_clair`."""
    place = {
        one.name: getattr(finding.place, one.name)
        for one in dataclasses.fields(Place)
        if one.name != "personnel" and getattr(finding.place, one.name) is not None
    }
    if finding.place.personnel and not en_clair and "brut" in place:
        place["brut"] = MASKED
    return {
        "code": finding.code,
        "gravite": finding.gravite.value,
        "effet": finding.effet.value,
        "message": finding.message,
        "action": finding.action,
        "source": finding.source,
        **place,
    }


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(to_json(value), ensure_ascii=False, indent=2))


def print_findings(findings: Iterable[Finding]) -> None:
    """Findings for a reader, each with its place and its next action; mere information is only counted."""
    informations = 0
    for finding in findings:
        if finding.gravite is Severity.INFORMATION:
            informations += 1
            continue
        click.echo(f"  {finding.gravite.value} [{finding.code}] {_where(finding.place)}{finding.message}")
        click.echo(f"      → {finding.action}")
    if informations:
        click.echo(f"  {counted(informations, 'information')} sans suite à donner : voir --format json")


def status_of(findings: Iterable[Finding]) -> int:
    """Exit status of a content: 1 when one finding is an error, else 0."""
    return int(any(finding.is_error for finding in findings))


def _where(place: Place) -> str:
    parts = []
    if place.fichier:
        parts.append(place.fichier)
    if place.rang is not None:
        parts.append(f"rang {place.rang}")
    if place.octet is not None:
        parts.append(f"octet {place.octet}")
    if place.debut is not None:
        parts.append(f"positions {place.debut}-{place.fin}")
    return f"{', '.join(parts)} : " if parts else ""
