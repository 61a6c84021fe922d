"""Introspection of the model: the attributes of a class as values, read from its annotations once per class.

Everything that must agree with the model (validation, XSD, XML codec, test strategies) reads it through `attributes`,
so that an attribute is declared in one place only. The modules of the model do not postpone their annotations: as text
they would be compiled one by one when they are read here.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from fse.norm.model.constraints import AsAttribute, Constraint, Inline, Libelle, NotInput, Repeated

_M = TypeVar("_M")
_NO_DEFAULT = dataclasses.MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of a model class: a scalar (`constraint`), an item (`modele`) or a tuple of items (`repeated`)."""

    nom: str
    libelle: str
    constraint: Constraint | None
    modele: type | None
    repeated: Repeated | None
    optional: bool
    default: object
    not_input: bool
    as_attribute: bool
    inline: bool

    @property
    def tag(self) -> str:
        """The name of one occurrence in a document."""
        return self.repeated.singulier if self.repeated else self.nom

    @property
    def has_default(self) -> bool:
        return self.default is not _NO_DEFAULT

    @property
    def required(self) -> bool:
        """Whether a document must have it."""
        if self.repeated is not None:
            return self.repeated.minimum > 0
        return not (self.optional or self.has_default)

    @property
    def expected(self) -> str:
        """What it can hold, in French."""
        if self.constraint is not None:
            return self.constraint.expected
        if self.repeated is None:
            return f"un élément {self.nom}"
        most = "" if self.repeated.maximum is None else f" et {self.repeated.maximum} au plus"
        return f"au moins {self.repeated.minimum} {self.repeated.singulier}{most}"


def _unwrap(hint: Any) -> tuple[Any, list[object], bool]:
    """The bare type, all the marks around it, and whether it can be `None`."""
    marks: list[object] = []
    optional = False
    while True:
        if get_origin(hint) is Annotated:
            hint, *found = get_args(hint)
            marks += found
        elif get_origin(hint) in (Union, UnionType):
            inner = [argument for argument in get_args(hint) if argument is not NoneType]
            if len(inner) != 1:
                raise TypeError("an attribute has one type, or one type and None")
            hint, optional = inner[0], True
        else:
            return hint, marks, optional


def _first(marks: list[object], kind: type[_M]) -> _M | None:
    return next((mark for mark in marks if isinstance(mark, kind)), None)


def _model_class(bare: Any) -> type | None:
    return bare if isinstance(bare, type) and dataclasses.is_dataclass(bare) else None


def _attribute(field: dataclasses.Field[object], hint: Any) -> Attribute:
    bare, marks, optional = _unwrap(hint)
    repeated = _first(marks, Repeated)
    modele: type | None = get_args(bare)[0] if repeated else _model_class(bare)
    constraint = next((mark for mark in marks if isinstance(mark, Constraint)), None)
    if (constraint is None) == (modele is None):
        raise TypeError(f"{field.name}: a constraint or a class of the model is expected")
    libelle = _first(marks, Libelle)
    return Attribute(
        nom=field.name,
        libelle=libelle.texte if libelle else "",
        constraint=constraint,
        modele=modele,
        repeated=repeated,
        optional=optional,
        default=field.default,
        not_input=_first(marks, NotInput) is not None,
        as_attribute=_first(marks, AsAttribute) is not None,
        inline=_first(marks, Inline) is not None,
    )


@cache
def attributes(cls: type) -> tuple[Attribute, ...]:
    """The attributes of a model class in the order of their declaration. `TypeError` on an undeclared constraint."""
    hints = get_type_hints(cls, include_extras=True)
    return tuple(_attribute(field, hints[field.name]) for field in dataclasses.fields(cls))


@cache
def input_attributes(cls: type) -> tuple[Attribute, ...]:
    """Those that a document carries, in its order: without `NotInput`, with the items of `Inline` in its place."""
    found: list[Attribute] = []
    for attribute in attributes(cls):
        if attribute.inline and attribute.modele is not None:
            found += input_attributes(attribute.modele)
        elif not attribute.not_input:
            found.append(attribute)
    return tuple(found)
