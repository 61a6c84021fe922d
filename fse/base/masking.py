"""Masking of personal data for outputs: enough to tell two lines apart on a screen, not enough to name a person.

Masked is the default of every output; showing clear text is a decision of the caller (architecture, decision 11).
What is left visible is our choice. The shape of a masked value does not depend on the length of the clear one.
"""

_NIR = "•• •• •• ••• •••"


def mask_nir(nir: str) -> str:
    """The first character of a NIR, then a fixed mask; `""` when there is nothing to mask.

    >>> mask_nir("2951099126111")
    '2 •• •• •• ••• •••'
    >>> mask_nir("  ")
    ''
    """
    text = nir.strip()
    return f"{text[0]} {_NIR}" if text else ""


def mask_name(nom: str) -> str:
    """The initial of a name, then an ellipsis; `""` when there is nothing to mask.

    >>> mask_name("DUPONT"), mask_name("")
    ('D…', '')
    """
    text = nom.strip()
    return f"{text[0]}…" if text else ""
