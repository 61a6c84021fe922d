"""One correspondence between the fields of a record and the attributes of the model, used in both directions.

A table maps a field name to a dotted path (`"nir": "assure.nir"`). `values_of` walks the paths of an object to get
the values of a record; `compose` puts values back into nested model objects. An optional nested object whose values
are all absent is absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from fse.norm.layout import Unparsed, Value
from fse.norm.model.attributes import attributes

Correspondence = Mapping[str, str]
Model = TypeVar("Model")


def values_of(source: object, table: Correspondence) -> dict[str, Value]:
    """The values of the fields of `table`, from the attributes of `source`; what is not there is `None`."""
    return {champ: _walk(source, path) for champ, path in table.items()}


def compose(model: type[Model], table: Correspondence, values: Mapping[str, Value], **given: object) -> Model:
    """A model object from the values of a record; `given` attributes are set as they are. Blanks are absent.

    Raises `ModelError` when the values break a constraint of the model.
    """
    tree: dict[str, Any] = {}
    for champ, path in table.items():
        *parents, leaf = path.split(".")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        value = values[champ]
        node[leaf] = None if isinstance(value, Unparsed) and value.is_blank else value
    return model(**_assemble(model, tree), **given)


def _walk(source: object, path: str) -> Any:
    for name in path.split("."):
        if source is None:
            return None
        source = getattr(source, name)
    return source


def _assemble(model: type, tree: Mapping[str, Any]) -> dict[str, Any]:
    nested = {attribute.nom: attribute for attribute in attributes(model)}
    arguments: dict[str, Any] = {}
    for name, value in tree.items():
        if not isinstance(value, dict):
            arguments[name] = value
            continue
        part = nested[name].modele
        assert part is not None
        empty = all(leaf is None for leaf in value.values())
        arguments[name] = None if nested[name].optional and empty else part(**_assemble(part, value))
    return arguments
