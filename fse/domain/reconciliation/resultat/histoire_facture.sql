-- Everything known of the asked blocks, in order: what we did (securisee, lot, emise, annulee), then each return
-- with its transfer, line, parts and rejects, down to file, rank and byte offset. Text that has no place is ''.
--   ligne: code is the kind of return, libelle the matching policy or the residue; part: code is the state;
--   virement: code is the payer, libelle the first transfer label, paye the amount of the whole transfer;
--   saisie, forcee: what was done by hand, rang is the number of the act; forcee: code is the state, libelle whether it still holds;
--   rejet: partie is O or C, as printed. rang_ligne is the line to which a part, a reject or a transfer belongs.
WITH ligne AS (
    SELECT
        l.cabinet,
        a.prestataire,
        a.numero,
        l.fichier,
        l.rang,
        l.date_comptable,
        l.rang_virement,
        l.code_retour,
        l.numero_lot,
        l.paye,
        l.octet,
        a.politique AS classement
    FROM bloc b
    JOIN appariement a ON a.cabinet = b.cabinet AND a.numero = b.numero
    JOIN ligne_retour l ON l.cabinet = a.cabinet AND l.fichier = a.fichier AND l.rang = a.rang
    WHERE b.hors_numero = ''
    UNION ALL
    SELECT
        l.cabinet,
        r.prestataire,
        r.numero,
        l.fichier,
        l.rang,
        l.date_comptable,
        l.rang_virement,
        l.code_retour,
        l.numero_lot,
        l.paye,
        l.octet,
        r.nature AS classement
    FROM bloc b
    JOIN residu r ON r.cabinet = b.cabinet AND r.numero = b.numero AND r.hors_numero = b.hors_numero
    JOIN ligne_retour l ON l.cabinet = r.cabinet AND l.fichier = r.fichier AND l.rang = r.rang
),
facture AS (
    SELECT
        f.cabinet,
        f.prestataire,
        f.numero,
        f.mode,
        f.demande_amo + f.demande_amc AS demande,
        f.securisee_le,
        f.numero_lot,
        f.date_lot,
        f.emise_le,
        f.annulee
    FROM bloc b
    JOIN facture_emise f ON f.cabinet = b.cabinet AND f.numero = b.numero
    WHERE b.hors_numero = ''
)
SELECT
    f.cabinet AS cabinet,
    f.prestataire AS prestataire,
    f.numero AS numero,
    1 AS etape,
    f.securisee_le AS jour,
    'securisee' AS evenement,
    '' AS partie,
    f.mode AS code,
    '' AS libelle,
    '' AS niveau,
    CAST(NULL AS BIGINT) AS numero_ligne,
    CAST(NULL AS BIGINT) AS ordre,
    '' AS code_acte,
    CAST(NULL AS BIGINT) AS numero_lot,
    f.demande,
    CAST(NULL AS BIGINT) AS paye,
    '' AS fichier,
    0 AS rang,
    0 AS rang_ligne,
    CAST(NULL AS BIGINT) AS octet
FROM facture f
UNION ALL
SELECT
    f.cabinet,
    f.prestataire,
    f.numero,
    2 AS etape,
    f.date_lot AS jour,
    'lot' AS evenement,
    '' AS partie,
    '' AS code,
    '' AS libelle,
    '' AS niveau,
    CAST(NULL AS BIGINT) AS numero_ligne,
    CAST(NULL AS BIGINT) AS ordre,
    '' AS code_acte,
    f.numero_lot,
    CAST(NULL AS BIGINT) AS demande,
    CAST(NULL AS BIGINT) AS paye,
    '' AS fichier,
    0 AS rang,
    0 AS rang_ligne,
    CAST(NULL AS BIGINT) AS octet
FROM facture f
WHERE f.numero_lot > 0
UNION ALL
SELECT
    f.cabinet,
    f.prestataire,
    f.numero,
    3 AS etape,
    f.emise_le AS jour,
    'emise' AS evenement,
    '' AS partie,
    '' AS code,
    '' AS libelle,
    '' AS niveau,
    CAST(NULL AS BIGINT) AS numero_ligne,
    CAST(NULL AS BIGINT) AS ordre,
    '' AS code_acte,
    f.numero_lot,
    CAST(NULL AS BIGINT) AS demande,
    CAST(NULL AS BIGINT) AS paye,
    '' AS fichier,
    0 AS rang,
    0 AS rang_ligne,
    CAST(NULL AS BIGINT) AS octet
FROM facture f
WHERE f.emise_le > 0
UNION ALL
SELECT
    f.cabinet,
    f.prestataire,
    f.numero,
    4 AS etape,
    CAST(NULL AS BIGINT) AS jour,
    'annulee' AS evenement,
    '' AS partie,
    '' AS code,
    '' AS libelle,
    '' AS niveau,
    CAST(NULL AS BIGINT) AS numero_ligne,
    CAST(NULL AS BIGINT) AS ordre,
    '' AS code_acte,
    CAST(NULL AS BIGINT) AS numero_lot,
    CAST(NULL AS BIGINT) AS demande,
    CAST(NULL AS BIGINT) AS paye,
    '' AS fichier,
    0 AS rang,
    0 AS rang_ligne,
    CAST(NULL AS BIGINT) AS octet
FROM facture f
WHERE f.annulee = 1
UNION ALL
SELECT
    l.cabinet,
    l.prestataire,
    l.numero,
    5 AS etape,
    v.date_comptable AS jour,
    'virement' AS evenement,
    '' AS partie,
    COALESCE(v.payeur, '') AS code,
    COALESCE(v.libelle_1, '') AS libelle,
    '' AS niveau,
    CAST(NULL AS BIGINT) AS numero_ligne,
    CAST(NULL AS BIGINT) AS ordre,
    '' AS code_acte,
    CAST(NULL AS BIGINT) AS numero_lot,
    CAST(NULL AS BIGINT) AS demande,
    v.montant AS paye,
    v.fichier,
    v.rang,
    l.rang AS rang_ligne,
    v.octet
FROM ligne l
JOIN virement v ON v.cabinet = l.cabinet AND v.fichier = l.fichier AND v.rang = l.rang_virement
UNION ALL
SELECT
    l.cabinet,
    l.prestataire,
    l.numero,
    5 AS etape,
    l.date_comptable AS jour,
    'ligne' AS evenement,
    '' AS partie,
    COALESCE(l.code_retour, '') AS code,
    l.classement AS libelle,
    '' AS niveau,
    CAST(NULL AS BIGINT) AS numero_ligne,
    CAST(NULL AS BIGINT) AS ordre,
    '' AS code_acte,
    l.numero_lot,
    CAST(NULL AS BIGINT) AS demande,
    l.paye,
    l.fichier,
    l.rang,
    l.rang AS rang_ligne,
    l.octet
FROM ligne l
UNION ALL
SELECT
    l.cabinet,
    l.prestataire,
    l.numero,
    5 AS etape,
    l.date_comptable AS jour,
    'part' AS evenement,
    p.partie,
    COALESCE(p.etat, '') AS code,
    '' AS libelle,
    '' AS niveau,
    CAST(NULL AS BIGINT) AS numero_ligne,
    CAST(NULL AS BIGINT) AS ordre,
    '' AS code_acte,
    CAST(NULL AS BIGINT) AS numero_lot,
    p.demande,
    p.paye,
    p.fichier,
    p.rang,
    p.rang_ligne,
    p.octet
FROM ligne l
JOIN part_retour p ON p.cabinet = l.cabinet AND p.fichier = l.fichier AND p.rang_ligne = l.rang
UNION ALL
SELECT
    l.cabinet,
    l.prestataire,
    l.numero,
    5 AS etape,
    l.date_comptable AS jour,
    'rejet' AS evenement,
    COALESCE(r.partie, '') AS partie,
    COALESCE(r.code, '') AS code,
    COALESCE(r.libelle, '') AS libelle,
    COALESCE(r.niveau, '') AS niveau,
    r.numero_ligne,
    r.ordre,
    COALESCE(r.code_acte, '') AS code_acte,
    CAST(NULL AS BIGINT) AS numero_lot,
    CAST(NULL AS BIGINT) AS demande,
    CAST(NULL AS BIGINT) AS paye,
    r.fichier,
    r.rang,
    r.rang_ligne,
    r.octet
FROM ligne l
JOIN rejet_retour r ON r.cabinet = l.cabinet AND r.fichier = l.fichier AND r.rang_ligne = l.rang
UNION ALL
SELECT
    s.cabinet,
    s.prestataire,
    s.numero,
    5 AS etape,
    s.jour,
    'saisie' AS evenement,
    s.partie,
    s.etat AS code,
    s.piece AS libelle,
    '' AS niveau,
    CAST(NULL AS BIGINT) AS numero_ligne,
    CAST(NULL AS BIGINT) AS ordre,
    '' AS code_acte,
    CAST(NULL AS BIGINT) AS numero_lot,
    CAST(NULL AS BIGINT) AS demande,
    s.montant AS paye,
    '' AS fichier,
    s.acte AS rang,
    0 AS rang_ligne,
    CAST(NULL AS BIGINT) AS octet
FROM bloc b
JOIN paiement_saisi s ON s.cabinet = b.cabinet AND s.numero = b.numero
WHERE b.hors_numero = ''
UNION ALL
SELECT
    e.cabinet,
    e.prestataire,
    e.numero,
    6 AS etape,
    e.pose_le AS jour,
    'forcee' AS evenement,
    e.partie,
    e.etat AS code,
    CASE WHEN p.acte = e.acte THEN 'en_vigueur' ELSE 'caduque' END AS libelle,
    '' AS niveau,
    CAST(NULL AS BIGINT) AS numero_ligne,
    CAST(NULL AS BIGINT) AS ordre,
    '' AS code_acte,
    CAST(NULL AS BIGINT) AS numero_lot,
    CAST(NULL AS BIGINT) AS demande,
    CAST(NULL AS BIGINT) AS paye,
    '' AS fichier,
    e.acte AS rang,
    0 AS rang_ligne,
    CAST(NULL AS BIGINT) AS octet
FROM bloc b
JOIN etat_force e ON e.cabinet = b.cabinet AND e.numero = b.numero
LEFT JOIN etat_part p
    ON p.cabinet = e.cabinet AND p.prestataire = e.prestataire AND p.numero = e.numero AND p.partie = e.partie
WHERE b.hors_numero = ''
ORDER BY cabinet, prestataire, numero, etape, jour NULLS FIRST, fichier, rang_ligne, rang
