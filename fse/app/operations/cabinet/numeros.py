"""What is wrong with a billing number that a practice writes."""

from __future__ import annotations

from fse.base.identifiers import finess, prestataire


def number_problem(numero: str) -> str | None:
    """In French, starting with the number ("001234567 n'est pas bon : …"), `None` when it is right."""
    problem = prestataire.problem(numero)
    if not problem:
        return None
    written = finess.to_b2(numero)
    corsican = f" ; en Corse il s'écrit {written}" if written != numero else ""
    return f"{numero} n'est pas bon : {problem}{corsican}."
