"""Which attribute of the model each field of our ARL carries (`fse.norm.codec.mapping`)."""

_ENVELOPE = ("type_emetteur", "numero_emetteur", "type_destinataire", "numero_destinataire", "identifiant_fichier")

FICHIER = {name: name for name in _ENVELOPE}

LOT = {
    name: name
    for name in (
        *("prestataire", "numero_lot", "date_lot", "organisme_destinataire", "fichier_accuse"),
        *("sens", "cause", "libelle", "numero_facture", "date_accuse"),
    )
}
