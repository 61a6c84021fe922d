"""The input document, from bytes of JSON to the model: parse, compare with the model, transliterate, build.

`read` accepts any bytes and answers with findings, never with another exception. Like in XML, one error refuses the
document whole.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from fse.base.findings import Finding, finding
from fse.norm.codec.json.parsing import parse
from fse.norm.codec.json.places import Where, of_facture, shown
from fse.norm.codec.json.scalars import ATTENDUS, RefusedError, json_type, reader
from fse.norm.codec.xml.parsing import FINDINGS_MAX, TEXT_MAX
from fse.norm.model.alphabet import is_only_case
from fse.norm.model.attributes import Attribute, attributes, input_attributes
from fse.norm.model.constraints import Constraint, Texte
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
            attribute = expected.get(key)
            if attribute is None:
                self._error(where.below(shown(key, ordinal)), "saisie.element_inconnu")
            elif key in seen:
                self._error(where.below(key), "saisie.json_cle_en_double")
            else:
                seen.add(key)
                values[key] = self._value(attribute, value, where)
        for key, attribute in expected.items():
            if attribute.required and key not in seen:
                self._error(where.below(key), "saisie.element_absent")
        return values

    def _value(self, attribute: Attribute, node: object, where: Where) -> object:
        if attribute.repeated is not None:
            return self._items(attribute, node, where)
        if attribute.constraint is not None:
            return self._scalar(attribute.constraint, node, where, attribute.nom)
        assert attribute.modele is not None
        return self.item(attribute.modele, node, where.below(attribute.nom))

    def _items(self, attribute: Attribute, node: object, where: Where) -> object:
        assert attribute.repeated is not None
        assert attribute.modele is not None
        here = where.below(attribute.nom)
        if not isinstance(node, list):
            self._wrong_type(node, "un tableau", here)
            return None
        least, most = attribute.repeated.minimum, attribute.repeated.maximum
        if len(node) < least:
            self._error(here, "saisie.element_absent")
        elif most is not None and len(node) > most:
            self._error(here, "saisie.element_en_trop", trouve=len(node), maximum=most)
            return None
        found = []
        for rang, one in enumerate(node, start=1):
            is_facture = attribute.modele is Saisie
            place = of_facture(one, rang) if is_facture else where.below(f"{attribute.nom}[{rang}]")
            found.append(self.item(attribute.modele, one, place))
        return found

    def _scalar(self, constraint: Constraint, node: object, where: Where, key: str) -> object:
        kind = json_type(constraint)
        if type(node) is not kind:
            self._wrong_type(node, ATTENDUS[kind], where.below(key))
            return None
        if isinstance(constraint, Texte) and isinstance(node, str) and len(node) <= TEXT_MAX and not is_only_case(node):
            self.found.append(where.below(key).find("saisie.transliteration"))
        try:
            return reader(constraint)(node)
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
def _keys(cls: type) -> dict[str, Attribute]:
    return {attribute.nom: attribute for attribute in input_attributes(cls)}


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
