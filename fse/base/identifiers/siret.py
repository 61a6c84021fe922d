"""SIRET: the number of a company's place of business, 14 digits of which the last is a key (here that of a maker).

Source: b2.md 3.15 and 3.19 (where it stands). The key is computed by python-stdnum, La Poste's own rule included.
"""

LENGTH = 14


def problem(numero: str) -> str | None:
    """What is wrong with a number.

    >>> problem("00000001800010"), problem("00000001800011"), problem("000000018")
    (None, 'sa clé est fausse', 'il a 14 chiffres')
    """
    if not numero.isascii() or not numero.isdigit() or len(numero) != LENGTH:
        return "il a 14 chiffres"
    from stdnum.fr import siret  # late: stdnum imports ssl

    return None if siret.is_valid(numero) else "sa clé est fausse"
