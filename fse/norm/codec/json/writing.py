"""The input document, from the model to JSON: UTF-8, indented, the same bytes for the same document.

The law: `read(build(document)) == (document, [])`. What has no value is left out; a default is written.
"""

from __future__ import annotations

import json
from typing import Any

from fse.norm.codec.json.scalars import json_type
from fse.norm.codec.xml.scalars import scalar
from fse.norm.codec.xml.writing import refuse_secured
from fse.norm.model.attributes import Attribute, attributes
from fse.norm.model.constraints import Constraint
from fse.norm.model.saisie import DocumentFactures


def build(document: DocumentFactures) -> bytes:
    """The JSON of a document. Raises `BuildError` for a secured invoice: a document holds inputs only."""
    return json.dumps(_item(document), ensure_ascii=False, indent=2).encode("utf-8") + b"\n"


def _item(item: object) -> dict[str, Any]:
    cls: type = type(item)
    found: dict[str, Any] = {}
    for attribute in attributes(cls):
        value = getattr(item, attribute.nom)
        if attribute.not_input:
            refuse_secured(attribute, value)
        elif attribute.inline:
            found |= _item(value)
        elif value not in (None, ()):
            found[attribute.nom] = _value(attribute, value)
    return found


def _value(attribute: Attribute, value: Any) -> object:
    if attribute.constraint is not None:
        return write_scalar(attribute.constraint, value)
    return [_item(one) for one in value] if attribute.repeated else _item(value)


def write_scalar(constraint: Constraint, value: object) -> object:
    """A value as JSON holds it: numbers and booleans as they are, else the text of XML."""
    return scalar(constraint).format(value, constraint) if json_type(constraint) is str else value
