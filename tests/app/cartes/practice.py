"""A practice of two that signs with cards. No test here."""

from __future__ import annotations

from pathlib import Path

from fse.app.operations.cabinet import Cabinet, load_cabinet
from fse.app.operations.practice import Practice
from tests.app.cabinet import CABINET, PRESTATAIRE, new_practice, reopen
from tests.infra.keys.soft_card import SoftCard

MEDECIN, INFIRMIERE, REMPLACANT = PRESTATAIRE, "002345676", "003456787"
SECOND = f'\n[[prestataires]]\nnumero = "{INFIRMIERE}"\nnom = "SACHA ESSAI"\nspecialite = "24"\n'


def carte(card: SoftCard, *prestataires: str, **keys: str | bool) -> str:
    """A `[[cartes]]` for these prestataires, its other keys as given."""
    values = {"jeton": card.label, "module": card.module, "titulaire": card.titulaire, **keys}
    lines = [
        f"{key} = {str(value).lower() if isinstance(value, bool) else repr(value)}" for key, value in values.items()
    ]
    signs_for = ", ".join(f'"{numero}"' for numero in prestataires or (MEDECIN,))
    return "\n".join(("\n[[cartes]]", *lines, f"prestataires = [{signs_for}]\n"))


def described(folder: Path, *cartes: str, second: bool = False, key: bool = False, more: str = "") -> Cabinet:
    """The practice of this folder with these cards, read as a command reads it; a test key only when told."""
    text = CABINET if key else CABINET.replace('cle = "praticien.p12"\n', "")
    folder.mkdir(parents=True, exist_ok=True)
    text = text + (SECOND if second else "") + "".join(cartes) + more
    (folder / "cabinet.toml").write_text(text, encoding="utf-8")
    return load_cabinet(folder / "cabinet.toml")


def opened(folder: Path, *cartes: str, taille_lot: int = 20, **how: bool) -> Practice:
    """The same with an empty journal the first time."""
    if not (folder / "journal.sqlite").exists():
        new_practice(folder).close()
    described(folder, *cartes, **how)
    path = folder / "cabinet.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("taille_lot = 20", f"taille_lot = {taille_lot}"))
    return reopen(folder)
