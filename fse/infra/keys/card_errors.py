"""What can happen with a card, each situation under its own code, with what to do next. No PIN is ever in it.

A reader answers by one of a hundred PKCS#11 return codes; several of them mean one thing for the person at the desk.
Source: PKCS#11 v2.40, section 5.1 (return values); python-pkcs11 names its exceptions after them.
"""

from __future__ import annotations

from fse.base.errors import SignatureError

_KEPT = "Ce qui est signé est gardé, le reste attend : "
_HELP = "Le support du lecteur ou de la carte peut aider."

_SITUATIONS: dict[str, tuple[str, str]] = {
    "carte.module_absent": (
        "La bibliothèque PKCS#11 du lecteur de cartes n'existe pas sur ce poste.",
        "Installer le logiciel du lecteur, ou corriger module dans cabinet.toml.",
    ),
    "carte.module_illisible": (
        "Ce fichier n'est pas une bibliothèque PKCS#11 pour ce poste.",
        "Corriger module dans cabinet.toml : le logiciel du lecteur dit où est sa bibliothèque PKCS#11.",
    ),
    "carte.module_en_panne": (
        "La bibliothèque PKCS#11 du lecteur ne démarre pas.",
        "Vérifier que le lecteur est branché et que son logiciel est installé en entier.",
    ),
    "carte.absente": (
        "La carte n'est pas dans un lecteur.",
        "Mettre la carte, ou corriger jeton dans cabinet.toml ; --praticien ne fait partir que les lots d'un seul.",
    ),
    "carte.plusieurs": (
        "Plusieurs cartes portent ce nom de jeton : fse ne choisit pas.",
        "Ne laisser dans les lecteurs que la carte qui signe.",
    ),
    "carte.retiree": (
        "La carte a été retirée, ou le lecteur débranché.",
        _KEPT + "remettre la carte, puis recommencer.",
    ),
    "carte.occupee": (
        "La carte est déjà ouverte, par ce programme ou par un autre.",
        _KEPT + "fermer l'autre programme qui se sert de la carte, puis recommencer.",
    ),
    "carte.en_panne": (
        "La carte ou son lecteur a répondu par une erreur.",
        _KEPT + "retirer la carte, la remettre, puis recommencer. " + _HELP,
    ),
    "carte.fermee": (
        "Cette carte a été refermée : elle ne signe plus.",
        "L'ouvrir à nouveau.",
    ),
    "carte.pin_faux": (
        "Le code de la carte est faux. fse ne l'essaie pas une seconde fois.",
        "Vérifier le code avant de recommencer : chaque essai faux compte, et la carte se bloque.",
    ),
    "carte.dernier_essai": (
        "Il ne reste qu'un essai avant que la carte se bloque : un code donné d'avance n'est pas essayé.",
        "Recommencer dans un terminal et saisir le code à la main, sans variable FSE_PIN, ou faire débloquer la carte.",
    ),
    "carte.pin_bloque": (
        "Le code de la carte est bloqué : trop de codes faux ont été saisis.",
        "Faire débloquer la carte par qui l'a délivrée (code de déblocage). Les factures attendent.",
    ),
    "carte.pin_impropre": (
        "Ce qui a été donné ne peut pas être le code d'une carte (longueur ou caractères) : il n'est pas essayé.",
        "Donner le code de la carte tel qu'il a été reçu (4 chiffres pour une CPS).",
    ),
    "carte.pin_absent": (
        "La carte n'a pas encore de code.",
        "Lui en donner un avec le logiciel de la carte.",
    ),
    "carte.pin_expire": (
        "Le code de la carte doit être changé.",
        "Le changer avec le logiciel de la carte, puis recommencer.",
    ),
    "carte.sans_certificat": (
        "Cette carte ne porte pas de certificat de signature.",
        "Vérifier que jeton désigne la carte du professionnel, et non une autre.",
    ),
    "carte.sans_cle": (
        "Cette carte ne porte pas la clé RSA de signature (2048 bits au moins) de son certificat.",
        "Vérifier que jeton désigne la carte du professionnel ; une carte ancienne est à renouveler.",
    ),
    "carte.cle_depareillee": (
        "La clé de la carte ne va pas avec son certificat : rien n'est signé avec elle.",
        "Faire contrôler la carte par qui l'a délivrée.",
    ),
    "carte.certificat_illisible": (
        "Le certificat de la carte ne se lit pas.",
        "Faire contrôler la carte par qui l'a délivrée.",
    ),
    "carte.certificat_expire": (
        "Le certificat de la carte est expiré : aucune caisse n'accepterait sa signature.",
        "Demander le renouvellement de la carte. Les factures attendent.",
    ),
    "carte.certificat_pas_encore_valable": (
        "Le certificat de la carte n'est pas encore valable.",
        "Vérifier la date et l'heure de ce poste ; si elles sont justes, attendre ce jour.",
    ),
    "carte.certificat_revoque": (
        "Le certificat de la carte est révoqué : aucune caisse n'accepterait sa signature.",
        "Se servir de la carte qui la remplace. Les factures attendent.",
    ),
    "carte.autre_titulaire": (
        "Cette carte n'est pas celle du titulaire déclaré.",
        "Mettre la bonne carte, ou corriger titulaire dans cabinet.toml : nom commun ou numéro de son certificat.",
    ),
    "carte.signature_fausse": (
        "La carte ou son lecteur a rendu une signature fausse : elle n'est pas gardée.",
        _KEPT + "essayer un autre lecteur, puis recommencer. " + _HELP,
    ),
}

_CODES = {
    "DeviceRemoved": "carte.retiree",
    "KeyHandleInvalid": "carte.retiree",
    "ObjectHandleInvalid": "carte.retiree",
    "SessionClosed": "carte.retiree",
    "SessionHandleInvalid": "carte.retiree",
    "SlotIDInvalid": "carte.retiree",
    "TokenNotPresent": "carte.retiree",
    "TokenNotRecognised": "carte.retiree",
    "UserNotLoggedIn": "carte.retiree",  # put back since: the card has forgotten who opened it
    "AnotherUserAlreadyLoggedIn": "carte.occupee",
    "SessionCount": "carte.occupee",
    "SessionExists": "carte.occupee",
    "UserAlreadyLoggedIn": "carte.occupee",
    "UserTooManyTypes": "carte.occupee",
    "PinIncorrect": "carte.pin_faux",
    "PinLocked": "carte.pin_bloque",
    "PinInvalid": "carte.pin_impropre",
    "PinLenRange": "carte.pin_impropre",
    "PinExpired": "carte.pin_expire",
    "UserPinNotInitialized": "carte.pin_absent",
}


def card_error(code: str, jeton: str, detail: str = "") -> SignatureError:
    """The error of a situation, `detail` one more French sentence; `jeton` is the label of the token."""
    message, action = _SITUATIONS[code]
    return SignatureError(code, f"{message} {detail}".rstrip(), action=action, lieu=f"carte « {jeton} »")


def translated(error: Exception, jeton: str) -> SignatureError:
    """What an exception of python-pkcs11 means; one that no situation explains keeps its PKCS#11 name."""
    name = type(error).__name__
    code = _CODES.get(name, "carte.en_panne")
    return card_error(code, jeton, f"(PKCS#11 : {name}.)" if code == "carte.en_panne" else "")
