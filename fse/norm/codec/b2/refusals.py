"""Why an invoice is not written as records: said once for one invoice and for many."""

from __future__ import annotations

from fse.base.errors import BuildError


def without_mark() -> BuildError:
    """The invoice has no marking (`b2.marque_absente`): the blank would mean a real flow."""
    return BuildError(
        "b2.marque_absente",
        "Cette facture n'a pas de marquage : à blanc, elle serait un flux réel.",
        action="Passer par la sécurisation, qui marque chaque facture.",
    )


def without_line() -> BuildError:
    """The invoice has no line (`b2.sans_ligne`)."""
    return BuildError(
        "b2.sans_ligne",
        "Cette facture n'a pas de ligne.",
        action="Coter ses soins (fse coter) avant de la sécuriser.",
    )


def real_mark() -> BuildError:
    """Its marking is neither test nor demonstration (`b2.marque_reelle`): the model could not even hold it."""
    return BuildError(
        "b2.marque_reelle",
        "Ce marquage n'est ni un test (T), ni une démonstration (D) : rien de réel ne s'écrit ici.",
        action="Marquer T ou D ce qui est à écrire.",
    )
