"""French for messages: numbers with their words, and why the system refused something."""

import errno

_INVARIABLE = frozenset({"non", "de", "sans", "ou"})


def counted(number: int, words: str) -> str:
    """The number and its words, each of which takes an s in the plural unless it never varies.

    >>> counted(1, "facture envoyée"), counted(2, "facture envoyée"), counted(0, "lot"), counted(3, "non traitée")
    ('1 facture envoyée', '2 factures envoyées', '0 lot', '3 non traitées')
    """
    if abs(number) < 2:
        return f"{number} {words}"
    plural = (word if word in _INVARIABLE or word[-1] in "sxz" else f"{word}s" for word in words.split())
    return f"{number} {' '.join(plural)}"


_REASONS = {
    errno.ENOENT: "il n'existe pas",
    errno.EACCES: "l'accès est refusé",
    errno.EPERM: "l'accès est refusé",
    errno.EISDIR: "c'est un dossier",
    errno.ENOTDIR: "son chemin passe par un fichier",
    errno.EEXIST: "il existe déjà",
    errno.ENOSPC: "il n'y a plus de place sur le disque",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENAMETOOLONG: "son nom est trop long",
    errno.EIO: "le disque est en panne",
}


def system_reason(error: OSError) -> str:
    """Why the system refused, in French; in its own words when it is rare."""
    return _REASONS.get(error.errno or 0) or error.strerror or "raison inconnue"
