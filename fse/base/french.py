"""French counting: a number and its words, in the plural from two on."""

_INVARIABLE = frozenset({"non", "de", "sans"})


def counted(number: int, words: str) -> str:
    """The number and its words, each of which takes an s in the plural unless it never varies.

    >>> counted(1, "facture envoyée"), counted(2, "facture envoyée"), counted(0, "lot"), counted(3, "non traitée")
    ('1 facture envoyée', '2 factures envoyées', '0 lot', '3 non traitées')
    """
    if abs(number) < 2:
        return f"{number} {words}"
    plural = (word if word in _INVARIABLE else f"{word}s" for word in words.split())
    return f"{number} {' '.join(plural)}"
