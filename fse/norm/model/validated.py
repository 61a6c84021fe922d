"""The base of every class of the model: construction checks each attribute against its annotation.

The checks are compiled once per class. They look at one attribute at a time; what two attributes must agree on
(a key, a sum, a rounding) is not here but in `controle`, where it is a finding and not an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import Self

from fse.base.errors import FseError
from fse.norm.model.attributes import Attribute, attributes
from fse.norm.model.constraints import Check


class ModelError(FseError):
    """A value that an attribute cannot hold. The message names the attribute and the limit, never the value."""

    def __init__(self, classe: str, attribut: str, attendu: str) -> None:
        super().__init__(
            "modele.valeur",
            f"{classe}.{attribut} ne peut pas porter cette valeur ; attendu : {attendu}.",
            action="Corriger la donnée à sa source ; rien n'est coupé ni arrondi.",
            lieu=f"{classe}.{attribut}",
        )
        self.attribut = attribut


def _item_check(attribute: Attribute, modele: type) -> Check:
    repeated = attribute.repeated
    if repeated is None:
        return lambda value: isinstance(value, modele)
    least, most = repeated.minimum, repeated.maximum

    def check(value: object) -> bool:
        if not isinstance(value, tuple) or len(value) < least or (most is not None and len(value) > most):
            return False
        for item in value:  # noqa: SIM110  most have one item or none, and a generator costs more than that
            if not isinstance(item, modele):
                return False
        return True

    return check


def _check(attribute: Attribute) -> Check:
    if attribute.constraint is not None:
        return attribute.constraint.compile()
    assert attribute.modele is not None
    return _item_check(attribute, attribute.modele)


def _known(attribute: Attribute, check: Check) -> object:
    """The one value about which no object is asked: `None` where it may be absent, a default proved here."""
    if attribute.optional:
        return None
    return attribute.default if attribute.has_default and check(attribute.default) else _NOTHING


_NOTHING = object()


_Asked = tuple[object, Check, Attribute]
"""The value that needs no question, what another must hold, and the attribute."""
_Slot = tuple[Callable[[object, object], None], object, Check, Attribute]
"""What writes the attribute in an object that is being made, then the same."""


@cache
def _checks(cls: type) -> tuple[Callable[[object], tuple[object, ...]], tuple[_Asked, ...]]:
    """What reads all attributes of an object; what is asked of each."""
    found = attributes(cls)
    names = [attribute.nom for attribute in found]
    read = attrgetter(*names) if len(names) > 1 else lambda one: tuple(getattr(one, nom) for nom in names)
    checks = [(attribute, _check(attribute)) for attribute in found]
    return read, tuple((_known(attribute, check), check, attribute) for attribute, check in checks)


@cache
def _slots(cls: type) -> tuple[Mapping[str, object], tuple[_Slot, ...]]:
    """The defaults, in the order of the attributes (the mark of none is a value that no check takes); how each of
    these is written.
    """
    defaults = {one.nom: one.default for one in attributes(cls)}
    _, checks = _checks(cls)
    return defaults, tuple((getattr(cls, one.nom).__set__, known, check, one) for known, check, one in checks)


class Validated:
    """Mix-in of frozen dataclasses with slots. Construction raises `ModelError` on the first attribute that does not
    hold.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        cls: type = type(self)
        read, checks = _checks(cls)
        for value, (known, check, attribute) in zip(read(self), checks):  # noqa: B905  one each, and `strict` costs
            if value is not known and not check(value):
                raise ModelError(cls.__name__, attribute.nom, attribute.expected)

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Self:
        """What `cls(**values)` makes, for codecs, which make thousands: each value is written once it is checked.

        Raises `ModelError`, for an attribute that is missing too, and `TypeError` on one that the class has not.
        """
        made: type = cls
        defaults, slots = _slots(made)
        found = {**defaults, **values}
        if len(found) > len(defaults):
            raise TypeError(f"{cls.__name__} has no attribute {', '.join(found.keys() - defaults.keys())}")
        one = object.__new__(cls)
        for value, (write, known, check, attribute) in zip(found.values(), slots):  # noqa: B905  see above
            if value is not known and not check(value):
                raise ModelError(cls.__name__, attribute.nom, attribute.expected)
            write(one, value)
        return one
