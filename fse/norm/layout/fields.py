"""One field of a record, as its TOML line says it. Positions are 1-based and inclusive."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a layout.

    `constante` is the only text allowed there; `defaut` is what our writer puts when it is given nothing.
    `zeros` says what a number made of zeros means: the value 0, or no value at all.
    `signe_de` names the amount whose sign this field carries. `cadrage = "droite"` is a text filled on its left
    with zeros. `decimales_de` names the field that says how many decimals a signed amount has. `ouverte`: the list
    `table` is known to be incomplete, it labels codes and refuses none.
    """

    nom: str
    debut: int
    fin: int
    longueur: int
    genre: str
    presence: str = "O"
    libelle: str = ""
    source: str = ""
    confiance: str = ""
    constante: str | None = None
    defaut: str | None = None
    zeros: str = "0"
    table: str | None = None
    ouverte: bool = False
    signe_de: str | None = None
    decimales_de: str | None = None
    decimales: int = 0
    cadrage: str = "gauche"
    personnel: bool = False

    @property
    def is_filler(self) -> bool:
        """Blanks that carry nothing."""
        return self.genre == "blanc"

    @property
    def is_input(self) -> bool:
        """True when the caller, not the layout, decides what stands there."""
        return self.constante is None and not self.is_filler

    @property
    def span(self) -> slice:
        """0-based slice of its bytes in a record."""
        return slice(self.debut - 1, self.fin)
