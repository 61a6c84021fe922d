"""Which attribute of the model each B2 field carries, used to build and to read (`fse.norm.codec.mapping`).

A field of a record that stands in no table here takes its constant or its default from the layout.
"""

CLE = {
    "prestataire": "prestataire",
    "nir": "assure.nir",
    "cle_nir": "assure.cle_nir",
    "numero_facture": "numero",
}

ENTETE = CLE | {
    "marque": "marque",
    "date_facture": "date_facture",
    "type_facture": "type_facture",
    "regime": "assure.regime",
    "caisse": "assure.caisse",
    "centre": "assure.centre",
    "justificatif_droits": "justificatif_droits",
    "prescripteur": "prescription.prescripteur",
    "date_prescription": "prescription.date_prescription",
    "specialite_prescripteur": "prescription.specialite",
    "nature_assurance": "nature_assurance",
    "exoneration": "exoneration",
    "date_maternite": "date_maternite",
    "accident": "accident",
    "date_naissance": "beneficiaire.date_naissance",
    "rang_naissance": "beneficiaire.rang_naissance",
    "numero_adherent": "amc.numero_adherent",
    "destinataire_reglement": "destinataire_reglement",
    "numero_amc": "amc.numero_amc",
}

PRESTATION = {
    "date_accord": "date_accord",
    "accord_prealable": "accord_prealable",
    "exoneration": "exoneration",
    "executant": "executant",
    "specialite_executant": "specialite_executant",
    "date_soins": "date_soins",
    "code_acte": "code_acte",
    "complement_acte": "complement_acte",
    "quantite": "quantite",
    "coefficient": "coefficient",
    "denombrement": "denombrement",
    "prix_unitaire": "prix_unitaire",
    "base": "base",
    "taux": "taux",
    "montant_amo": "montant_amo",
    "honoraires": "honoraires",
    "qualificatif": "qualificatif",
    "lieu": "lieu",
    "montant_amc": "montant_amc",
}

NIR_INDIVIDUEL = {
    "nir_individuel": "nir",
    "cle_nir_individuel": "cle_nir",
}

ROUTAGE = {
    "aiguillage_destinataire": "aiguillage_destinataire",
    "hote_destinataire": "hote_destinataire",
    "module_sts": "module_sts",
    "version_sts": "version_sts",
    "aiguillage_amc": "aiguillage",
    "hote_amc": "hote",
    "domaine": "domaine",
    "indicateur_traitement": "indicateur_traitement",
    "application_amc": "application",
}

CONDITIONS = {
    "date_accord": "date_accord",
    "accord_prealable": "accord_prealable",
    "statut_executant": "statut_executant",
    "reseau": "reseau",
    "lieu_execution": "lieu_execution",
}

DETAIL_CCAM = {
    "code_ccam": "code",
    "extension_documentaire": "extension_documentaire",
    "activite": "activite",
    "phase": "phase",
    "association": "association",
    "remboursement_exceptionnel": "remboursement_exceptionnel",
    "date_seance": "date_seance",
    "supplement_charge": "supplement_charge",
}

TOTAUX = {
    "total_honoraires": "total_honoraires",
    "total_amo": "total_amo",
    "part_assure": "part_assure",
    "total_amc": "total_amc",
}

LOT = {
    "prestataire": "prestataire",
    "organisme_destinataire": "organisme_destinataire",
    "numero_lot": "numero_lot",
    "nom_prestataire": "nom_prestataire",
    "date_lot": "date_lot",
    "certification": "certification",
}

FIN_LOT = {
    "prestataire": "prestataire",
    "numero_lot": "numero_lot",
    "marque": "marque",
    "type_facture": "type_facture",
    "remplacant": "remplacant",
}

FICHIER = {
    "type_emetteur": "type_emetteur",
    "numero_emetteur": "numero_emetteur",
    "type_destinataire": "type_destinataire",
    "numero_destinataire": "numero_destinataire",
    "identifiant_fichier": "identifiant_fichier",
}
