"""The base of every class of the model: construction checks each attribute against its annotation.

The checks are compiled once per class. They look at one attribute at a time; what two attributes must agree on
(a key, a sum, a rounding) is not here but in `controle`, where it is a finding and not an error.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter

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


@cache
def _checks(cls: type) -> tuple[Callable[[object], tuple[object, ...]], tuple[tuple[bool, Check, Attribute], ...]]:
    """What reads all attributes; for each, whether it can be absent, what it must hold when it is there, and itself."""
    found = attributes(cls)
    names = [attribute.nom for attribute in found]
    read = attrgetter(*names) if len(names) > 1 else lambda one: tuple(getattr(one, nom) for nom in names)
    return read, tuple((attribute.optional, _check(attribute), attribute) for attribute in found)


class Validated:
    """Mix-in of frozen dataclasses. Construction raises `ModelError` on the first attribute that does not hold."""

    __slots__ = ()

    def __post_init__(self) -> None:
        cls: type = type(self)
        read, checks = _checks(cls)
        for value, (optional, check, attribute) in zip(read(self), checks, strict=False):
            if not (optional if value is None else check(value)):
                raise ModelError(cls.__name__, attribute.nom, attribute.expected)
