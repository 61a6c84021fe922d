-- One row a 294: why something was refused. niveau: F invoice, L line, A refined code; partie: O the compulsory part
-- or both, C the complementary part. numero_ligne is the ordinal of the prestation in the invoice.
SELECT
    r.cabinet,
    r.fichier,
    r.rang,
    r.rang_parent AS rang_ligne,
    r.code_rejet AS code,
    r.libelle_rejet AS libelle,
    r.niveau_rejet AS niveau,
    r.partie,
    r.numero_ligne,
    r.code_acte,
    r.rang_rejet AS ordre,
    r.octet
FROM noemie_294 r
