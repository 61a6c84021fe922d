"""What PostgreSQL says went wrong, in words for a secretary. By SQLSTATE (appendix A of its manual), 5 characters.

A connection that is refused carries no SQLSTATE: the driver gives the text of the server alone, in English or in the
language of the server. A server that is lost at the commit leaves in doubt what was committed: no action claims that
nothing was.
"""

from __future__ import annotations

from fse.base.errors import StorageError

_UNREACHABLE = (
    "journal.serveur",
    "Le serveur du journal ne répond pas.",
    "Vérifier que le serveur est en marche et que ce poste lui est relié, puis recommencer.",
)

_ERRORS = (
    (
        ("55P03", "40P01", "40001", "53300", "57014"),
        "journal.verrouille",
        "Le journal est occupé par un autre programme.",
        "Attendre la fin de l'autre opération, puis recommencer.",
    ),
    (
        ("53", "58"),
        "journal.disque",
        "Le disque du serveur du journal est plein ou en panne.",
        "Le dire à qui tient le serveur, puis recommencer : rien n'a été enregistré.",
    ),
    (("08", "57P"), *_UNREACHABLE),
    (
        ("28",),
        "journal.acces",
        "Le serveur du journal refuse ce compte ou son mot de passe.",
        "Vérifier le compte de l'adresse dans cabinet.toml, et le mot de passe dans .pgpass ou PGPASSWORD.",
    ),
    (
        ("3D", "3F"),
        "journal.base",
        "La base de ce nom n'existe pas sur le serveur du journal.",
        "Vérifier l'adresse du journal dans cabinet.toml, ou faire créer la base.",
    ),
    (
        ("42501", "25006"),
        "journal.inaccessible",
        "Le compte donné n'a pas le droit d'écrire dans le journal.",
        "Demander ce droit à qui tient le serveur.",
    ),
    (
        ("42P07", "42710", "42P01", "XX001", "XX002"),
        "journal.illisible",
        "Les tables de cette base ne sont pas celles d'un journal, ou elles sont abîmées.",
        "Vérifier l'adresse du journal : il lui faut une base à lui ; sinon restaurer la dernière sauvegarde.",
    ),
    (
        ("23",),
        "journal.contrainte",
        "Le journal refuse ce fait : il contredit ce qui est déjà enregistré.",
        "Rien n'a été enregistré. Signaler ce cas avec la commande lancée.",
    ),
    (
        ("",),
        "journal.erreur",
        "Le journal n'a pas pu exécuter cette opération.",
        "Rien n'a été enregistré. Signaler ce cas avec la commande lancée.",
    ),
)

_REFUSALS = (
    (("not found",), ("definition of service",), "3D000"),
    (("does not exist", "n'existe pas", "n’existe pas"), ("database", "base de données"), "3D000"),
    (("too many", "trop de", "reserved for", "réservé"), ("connection", "connexion", "clients"), "53300"),
    (("password", "mot de passe", "role", "rôle", "authentication", "authentification", "pg_hba"), ("",), "28000"),
)
"""Words of which one, then words of which one, stand in a refused connection; and the SQLSTATE that it amounts to."""


class SilentError(Exception):
    """The cause of a `StorageError`: what the server said, without any value."""


def explain(error: BaseException | None, lieu: str) -> StorageError:
    """The error to raise for one of the driver."""
    state = _state(error)
    for states, code, message, action in _ERRORS:
        if state.startswith(states):
            return StorageError(code, message, action=action, lieu=lieu)
    raise AssertionError("the last line takes every error")


def without_values(error: BaseException | None) -> SilentError:
    """The kind of an error of the driver, its SQLSTATE, and the constraint or table at fault."""
    diagnosis = getattr(error, "diag", None)
    names = (getattr(diagnosis, name, None) for name in ("schema_name", "table_name", "constraint_name"))
    return SilentError(" ".join([type(error).__name__, _state(error), *(name for name in names if name)]))


def _state(error: BaseException | None) -> str:
    """The SQLSTATE; that of a refused or lost connection when the driver has none, `''` for an error of its own."""
    state = getattr(error, "sqlstate", None)
    if state:
        return str(state)
    if type(error).__name__ != "OperationalError":
        return ""
    said = str(error).lower()
    for what, about, amounts_to in _REFUSALS:
        if any(word in said for word in what) and any(word in said for word in about):
            return amounts_to
    return "08006"
