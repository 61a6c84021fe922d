"""The input document, from bytes of JSON to the model: parse, compare with the model, transliterate, build.

`read` accepts any bytes and answers with findings, never with another exception. Like in XML, one error refuses the
document whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from fse.base.findings import Finding, finding
from fse.norm.codec.json.parsing import parse
from fse.norm.codec.json.places import Where, of_facture, shown
from fse.norm.codec.json.scalars import ATTENDUS, Reader, RefusedError, json_type, reader
from fse.norm.codec.xml.parsing import FINDINGS_MAX, TEXT_MAX
from fse.norm.model.alphabet import is_only_case
from fse.norm.model.attributes import Attribute, attributes, input_attributes
from fse.norm.model.constraints import Texte
from fse.norm.model.saisie import DocumentFactures, Saisie

_TROUVES = {
    str: "un texte",
    int: "un nombre entier",
    float: "un nombre qui n'est pas entier",
    bool: "true ou false",
    type(None): "null",
    tuple: "un objet",
    list: "un tableau",
}


@dataclass(frozen=True, slots=True)
class _Scalar:
    """How a scalar is read: its type in JSON, its reader, and whether it is free text."""

    kind: type
    read: Reader
    free: bool


class _FullError(Exception):
    """The list of errors is long enough."""


def read(data: bytes) -> tuple[DocumentFactures | None, list[Finding]]:
    """The document, or `None` when a finding is an error; and all that was noticed. Codes `saisie.*`."""
    tree = parse(data)
    if isinstance(tree, Finding):
        return None, [tree]
    reading = _Reading()
    try:
        values = reading.item(DocumentFactures, tree, Where())
    except _FullError:
        return None, [*reading.found, finding("saisie.suite_non_listee", maximum=FINDINGS_MAX)]
    if reading.errors:
        return None, reading.found
    document = _build(DocumentFactures, values)
    assert isinstance(document, DocumentFactures)
    return document, reading.found


class _Reading:
    """One document on its way: values by attribute, and what was noticed."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.errors = 0

    def item(self, cls: type, node: object, where: Where) -> dict[str, Any]:
        """The values of an object by attribute; those of `Inline` items stand among them."""
        values: dict[str, Any] = {}
        if not isinstance(node, tuple):
            self._wrong_type(node, "un objet", where)
            return values
        expected = _keys(cls)
        seen: set[str] = set()
        for ordinal, (key, value) in enumerate(node, start=1):
            member = expected.get(key)
            if member is None:
                self._error(where.below(shown(key, ordinal)), "saisie.element_inconnu")
            elif key in seen:
                self._error(where.below(key), "saisie.json_cle_en_double")
            else:
                seen.add(key)
                values[key] = self._value(*member, value, where)
        for key, (attribute, _) in expected.items():
            if attribute.required and key not in seen:
                self._error(where.below(key), "saisie.element_absent")
        return values

    def _value(self, attribute: Attribute, scalar: _Scalar | None, node: object, where: Where) -> object:
        if scalar is not None:
            return self._scalar(scalar, node, where, attribute.nom)
        if attribute.repeated is not None:
            return self._items(attribute, node, where.below(attribute.nom))
        assert attribute.modele is not None
        return self.item(attribute.modele, node, where.below(attribute.nom))

    def _items(self, attribute: Attribute, node: object, where: Where) -> list[dict[str, Any]]:
        assert attribute.repeated is not None
        assert attribute.modele is not None
        if not isinstance(node, list):
            self._wrong_type(node, "un tableau", where)
            return []
        least, most = attribute.repeated.minimum, attribute.repeated.maximum
        if len(node) < least:
            self._error(where, "saisie.element_absent")
        elif most is not None and len(node) > most:
            self._error(where, "saisie.element_en_trop", trouve=len(node), maximum=most)
            return []
        found = []
        for rang, one in enumerate(node, start=1):
            place = of_facture(one, rang) if attribute.modele is Saisie else where.nth(rang)
            found.append(self.item(attribute.modele, one, place))
        return found

    def _scalar(self, scalar: _Scalar, node: object, where: Where, key: str) -> object:
        if type(node) is not scalar.kind:
            self._wrong_type(node, ATTENDUS[scalar.kind], where.below(key))
            return None
        if scalar.free and isinstance(node, str) and len(node) <= TEXT_MAX and not is_only_case(node):
            self.found.append(where.below(key).find("saisie.transliteration"))
        try:
            return scalar.read(node)
        except RefusedError as refused:
            self._error(where.below(key), refused.code, **refused.values)
            return None

    def _wrong_type(self, node: object, attendu: str, where: Where) -> None:
        self._error(where, "saisie.json_type", trouve=_TROUVES[type(node)], attendu=attendu)

    def _error(self, where: Where, code: str, **values: object) -> None:
        self.found.append(where.find(code, **values))
        self.errors += 1
        if self.errors >= FINDINGS_MAX:
            raise _FullError


@cache
def _keys(cls: type) -> dict[str, tuple[Attribute, _Scalar | None]]:
    """The keys of an object of this class, with how to read those that hold a scalar."""
    return {attribute.nom: (attribute, _scalar(attribute)) for attribute in input_attributes(cls)}


def _scalar(attribute: Attribute) -> _Scalar | None:
    constraint = attribute.constraint
    if constraint is None:
        return None
    return _Scalar(json_type(constraint), reader(constraint), isinstance(constraint, Texte))


def _build(cls: type, values: dict[str, Any]) -> object:
    """The item of these values, all valid."""
    arguments: dict[str, Any] = {}
    for attribute in attributes(cls):
        value = values.get(attribute.nom)
        if attribute.inline and attribute.modele is not None:
            arguments[attribute.nom] = _build(attribute.modele, values)
        elif value is None:
            continue
        elif attribute.modele is None:
            arguments[attribute.nom] = value
        elif attribute.repeated is None:
            arguments[attribute.nom] = _build(attribute.modele, value)
        else:
            modele = attribute.modele
            arguments[attribute.nom] = tuple(_build(modele, one) for one in value)
    return cls(**arguments)
