"""RPPS: the national number of a professional, 11 digits of which the last is a key.

Source: b2.md 5 for the 11 digits, key included. That the key is the Luhn digit is general knowledge, confirmed by no
source of ours: a wrong key is worth a warning, never a refusal.
"""

LENGTH = 11


def problem(numero: str) -> str | None:
    """What is wrong with a number.

    >>> problem("10000000009"), problem("10000000000"), problem("810000000009")
    (None, "sa clé n'est pas celle que nous attendons", 'il a 11 chiffres, pas tous à zéro')
    """
    if not numero.isascii() or not numero.isdigit() or len(numero) != LENGTH or not numero.strip("0"):
        return "il a 11 chiffres, pas tous à zéro"
    from stdnum import luhn  # late: stdnum imports ssl

    return None if luhn.is_valid(numero) else "sa clé n'est pas celle que nous attendons"
