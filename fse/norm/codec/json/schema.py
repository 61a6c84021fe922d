"""The schema of the JSON document, draft 2020-12, generated from the model as the XSD is, with the same facets.

`python -m fse.norm.codec.json.schema` prints it; the committed `schemas/json/factures.schema.json` is its output, and
a test proves it. What JSON Schema cannot say (bounds of a date or of a decimal text, keys in double) the reader checks.
"""

from __future__ import annotations

import json
from typing import Any

from fse.norm.codec.json.scalars import json_type
from fse.norm.codec.json.writing import write_scalar
from fse.norm.codec.xml.scalars import scalar
from fse.norm.model.attributes import Attribute, input_attributes
from fse.norm.model.constraints import Chiffres, Constraint, Jour
from fse.norm.model.saisie import DocumentFactures

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DESCRIPTION = (
    "Factures d'un cabinet, à contrôler, sécuriser ou émettre avec fse : le même document que factures.xsd. Flux de "
    "test ou de démonstration seulement : fse n'est pas un logiciel agréé. Montants en centimes entiers, dates "
    "AAAA-MM-JJ ; ce qui n'est ni un nombre entier ni vrai ou faux est un texte. Une clé sans valeur est omise, jamais "
    "null. Les noms s'écrivent librement : ils sont translittérés en capitales sans accent, et c'est le résultat qui "
    "doit tenir dans la longueur. Engendré par « python -m fse.norm.codec.json.schema » : ne pas modifier à la main."
)
_TYPES = {int: "integer", bool: "boolean", str: "string"}
_WHOLE_FACETS = {"minInclusive": "minimum", "maxInclusive": "maximum"}
_TEXT_FACETS = {"minLength": "minLength", "maxLength": "maxLength"}

_Node = dict[str, Any]


class _Definitions:
    """The shared definitions being written: each class, and each constraint that has a name, once."""

    def __init__(self) -> None:
        self._classes: dict[str, _Node] = {}
        self._simple: dict[str, _Node] = {}

    def item(self, cls: type) -> _Node:
        """The object of a class, its members in the order of the model."""
        members = input_attributes(cls)
        return {
            "type": "object",
            "properties": {attribute.nom: self._member(attribute) for attribute in members},
            "required": [attribute.nom for attribute in members if attribute.required],
            "additionalProperties": False,
        }

    def all(self) -> _Node:
        return self._classes | dict(sorted(self._simple.items()))

    def _member(self, attribute: Attribute) -> _Node:
        described: _Node = {"description": f"{attribute.libelle}."}
        if attribute.repeated is not None:
            assert attribute.modele is not None
            bounds = {"minItems": attribute.repeated.minimum, "maxItems": attribute.repeated.maximum}
            given = {name: bound for name, bound in bounds.items() if bound}
            return {"type": "array", "items": self._class(attribute.modele) | described, **given}
        if attribute.modele is not None:
            return self._class(attribute.modele) | described
        assert attribute.constraint is not None
        if attribute.has_default and attribute.default is not None:
            described["default"] = write_scalar(attribute.constraint, attribute.default)
        return self._constraint(attribute.constraint) | described

    def _class(self, cls: type) -> _Node:
        if cls.__name__ not in self._classes:
            self._classes[cls.__name__] = {}
            self._classes[cls.__name__] = self.item(cls)
        return {"$ref": f"#/$defs/{cls.__name__}"}

    def _constraint(self, constraint: Constraint) -> _Node:
        name = scalar(constraint).name(constraint)
        if name is None:
            return _rules(constraint)
        self._simple[name] = {"description": f"Attendu : {constraint.expected}."} | _rules(constraint)
        return {"$ref": f"#/$defs/{name}"}


def _rules(constraint: Constraint) -> _Node:
    """What a value must be, from the facets of its text in XML."""
    kind = json_type(constraint)
    facets = scalar(constraint).facets(constraint)
    known = _WHOLE_FACETS if kind is int else _TEXT_FACETS
    rules: _Node = {"type": _TYPES[kind]} | {known[name]: int(value) for name, value in facets if name in known}
    if kind is not str:
        return rules
    codes = [value for name, value in facets if name == "enumeration"]
    patterns = [f"^(?:{value})$" for name, value in facets if name == "pattern"]
    if isinstance(constraint, Chiffres):
        rules |= {"minLength": constraint.longueur, "maxLength": constraint.longueur}
    if isinstance(constraint, Jour):
        rules["format"] = "date"
    return rules | ({"enum": codes} if codes else {}) | ({"pattern": patterns[0]} if patterns else {})


def generate() -> bytes:
    """The schema as UTF-8 JSON, ending with a newline: the same bytes for the same model."""
    definitions = _Definitions()
    root = definitions.item(DocumentFactures)
    head = {"$schema": _DIALECT, "title": "Factures d'un cabinet", "description": _DESCRIPTION}
    schema = head | root | {"$defs": definitions.all()}
    return json.dumps(schema, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"


if __name__ == "__main__":
    print(generate().decode("utf-8"), end="")  # noqa: T201
