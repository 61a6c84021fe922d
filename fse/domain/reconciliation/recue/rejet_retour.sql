-- One row a 294, or a 290 in the older generation: why something was refused. niveau: F invoice, L line, A refined
-- code; partie: O the compulsory part or both, C the complementary part. numero_ligne is the ordinal of the prestation
-- in the invoice; ordre is the rank of the reject, of the refined code at level A.
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
FROM fichier_touche k
JOIN noemie_294 r ON r.cabinet = k.cabinet AND r.fichier = k.fichier
UNION ALL
SELECT
    r.cabinet,
    r.fichier,
    r.rang,
    r.rang_parent AS rang_ligne,
    r.codification AS code,
    r.libelle_rejet AS libelle,
    CASE WHEN r.numero_ligne > 0 THEN 'L' ELSE 'F' END AS niveau,
    CAST(NULL AS VARCHAR(1)) AS partie,
    r.numero_ligne,
    CAST(NULL AS VARCHAR(5)) AS code_acte,
    CAST(NULL AS BIGINT) AS ordre,
    r.octet
FROM fichier_touche k
JOIN noemie_290 r ON r.cabinet = k.cabinet AND r.fichier = k.fichier
