"""What a lot asks somebody to do, in French, with the command that does it."""

from __future__ import annotations

from collections.abc import Iterable

from fse.domain.echeances.faits import FichierFacts

_SEND = "Envoyer : fse envoyer ; si l'envoi reste impossible, fse duplicata NUMERO pour chaque feuille."
_WRITE = "Écrire son fichier : fse relancer --sortie DOSSIER."


def send(waiting: Iterable[FichierFacts]) -> str:
    """To send these files, or to write them when somebody else does."""
    return _SEND if any(one.canal for one in waiting) else _WRITE


def edit(numeros: tuple[int, ...], also: str = "") -> str:
    """To make the duplicate of each of these sheets."""
    if len(numeros) == 1:
        return f"Éditer {also}son duplicata sur papier : fse duplicata {numeros[0]}."
    return f"Éditer {also}sur papier le duplicata de chaque feuille (fse duplicata NUMERO) : {numbers(numeros)}."


def numbers(numeros: Iterable[int]) -> str:
    """Invoice numbers as they are printed."""
    return ", ".join(f"{numero:09d}" for numero in numeros)


def make_again(*, relot: bool, nommees: tuple[int, ...], broken: bool) -> str:
    """To send again what failed: unchanged, or (`relot`) in a new lot."""
    if not relot:
        return "Renvoyer tel quel : fse relancer."
    without = " sans la facture en cause" if nommees else " sans ce qui est corrigé ou sur papier" if broken else ""
    return f"Refaire le lot{without} : fse relancer, puis fse emettre --sortie DOSSIER."
