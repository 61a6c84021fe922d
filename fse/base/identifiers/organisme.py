"""Organisme: who manages an insured person, as three numbers: scheme (2 digits), fund (3), centre (4).

Zeros stand for no centre. Whether the triple exists is for the destination table of the practice to say.

Source: b2.md 3.6 and 4.
"""

_LENGTHS = {"régime": 2, "caisse": 3, "centre": 4}


def problem(regime: str, caisse: str, centre: str) -> str | None:
    """What is wrong with a triple.

    >>> problem("01", "998", "0000"), problem("1", "998", "0000"), problem("01", "998", "")
    (None, 'le régime a 2 chiffres', 'le centre a 4 chiffres')
    """
    for (name, length), text in zip(_LENGTHS.items(), (regime, caisse, centre), strict=True):
        if not text.isascii() or not text.isdigit() or len(text) != length:
            article = "la" if name == "caisse" else "le"
            return f"{article} {name} a {length} chiffres"
    return None
