"""One correspondence between the fields of a record and the attributes of the model, used in both directions.

A table maps a field name to a dotted path (`"nir": "assure.nir"`). `values_of` walks the paths of an object to get
the values of a record; `compose` puts values back into nested model objects. An optional nested object whose values
are all absent is absent. How a table is walked is worked out once for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import attrgetter, itemgetter
from typing import Any, Generic, TypeVar

from fse.norm.layout import Unparsed, Value
from fse.norm.model.attributes import attributes
from fse.norm.model.validated import Validated

Correspondence = Mapping[str, str]
Model = TypeVar("Model", bound=Validated)

_TABLES = 256
"""Tables whose walk is remembered: those of the codecs are some tens."""


def values_of(source: object, table: Correspondence) -> dict[str, Value]:
    """The values of the fields of `table`, from the attributes of `source`; what is not there is `None`."""
    return Decomposer(table)(source)


class Decomposer:
    """`values_of` by one table, again and again."""

    def __init__(self, table: Correspondence) -> None:
        self._table = table

    def __call__(self, source: object) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for parents, champs, leaves in self._walks:
            holder: Any = source
            for name in parents:
                holder = None if holder is None else getattr(holder, name)
            if holder is None:
                values.update(dict.fromkeys(champs))
            else:
                values.update(zip(champs, leaves(holder)))  # noqa: B905  `leaves` gives one each, and `strict` costs
        return values

    @cached_property
    def _walks(self) -> list[_Walk]:
        return _walks(tuple(self._table), tuple(self._table.values()))


def compose(model: type[Model], table: Correspondence, values: Mapping[str, Value], **given: object) -> Model:
    """A model object from the values of a record; `given` attributes are set as they are. Blanks are absent.

    Raises `ModelError` when the values break a constraint of the model.
    """
    return Composer(model, table)(values, **given)


class Composer(Generic[Model]):
    """`compose` of one class from one table, again and again."""

    def __init__(self, model: type[Model], table: Correspondence) -> None:
        self._model = model
        self._table = table

    def __call__(self, values: Mapping[str, Value], **given: object) -> Model:
        """Raises `ModelError` when the values break a constraint of the model."""
        return self._model.of(self._plan.arguments(values) | given)

    @cached_property
    def _plan(self) -> _Plan:
        made: type = self._model
        return _plan(made, tuple(self._table), tuple(self._table.values()))


_Leaves = Callable[[Any], tuple[Any, ...]]
_Walk = tuple[list[str], list[str], _Leaves]
"""How to come to an object, then the fields that its attributes are, and these."""


@lru_cache(_TABLES)
def _walks(champs: tuple[str, ...], paths: tuple[str, ...]) -> list[_Walk]:
    """Those of each object on the way."""
    held: dict[str, list[tuple[str, str]]] = {}
    for champ, path in zip(champs, paths, strict=True):
        parents, _, leaf = path.rpartition(".")
        held.setdefault(parents, []).append((champ, leaf))
    return [
        (parents.split(".") if parents else [], [champ for champ, _ in pairs], attrgetter(*_several(pairs)))
        for parents, pairs in held.items()
    ]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the fields of a table make one object: its own attributes, from `champs`, then the objects in it."""

    champs: _Leaves
    noms: tuple[str, ...]
    parts: tuple[tuple[str, type, bool, _Plan], ...]
    """Attribute, class, whether it can be absent, and how it is made."""

    def arguments(self, values: Mapping[str, Value]) -> dict[str, Any]:
        """What the object is made with."""
        own = self.champs(values)
        if Unparsed in map(type, own):
            own = tuple(None if _is_blank(value) else value for value in own)
        found = dict(zip(self.noms, own))  # noqa: B905  `champs` gives one each, and `strict` costs a third more
        for nom, model, optional, plan in self.parts:
            given = plan.arguments(values)
            found[nom] = None if optional and not any(value is not None for value in given.values()) else model(**given)
        return found


@lru_cache(_TABLES)
def _plan(model: type, champs: tuple[str, ...], paths: tuple[str, ...]) -> _Plan:
    own = [(champ, path) for champ, path in zip(champs, paths, strict=True) if "." not in path]
    below: dict[str, list[tuple[str, str]]] = {}
    for champ, path in zip(champs, paths, strict=True):
        parent, dot, rest = path.partition(".")
        if dot:
            below.setdefault(parent, []).append((champ, rest))
    nested = {attribute.nom: attribute for attribute in attributes(model)}
    parts = []
    for parent, pairs in below.items():
        part = nested[parent].modele
        assert part is not None
        inner = _plan(part, tuple(champ for champ, _ in pairs), tuple(rest for _, rest in pairs))
        parts.append((parent, part, nested[parent].optional, inner))
    return _Plan(_champs_of(own), tuple(nom for _, nom in own), tuple(parts))


def _champs_of(own: list[tuple[str, str]]) -> _Leaves:
    """Reads these fields of a record."""
    return itemgetter(*_several([(nom, champ) for champ, nom in own])) if own else lambda values: ()


def _several(pairs: list[tuple[str, str]]) -> list[str]:
    """The second of each pair, twice when there is one alone: a getter of one name gives no tuple."""
    names = [name for _, name in pairs]
    return names if len(names) > 1 else names * 2


def _is_blank(value: object) -> bool:
    return isinstance(value, Unparsed) and value.is_blank
