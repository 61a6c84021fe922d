-- One row a part that a return answers: 198 (AMO) or 199 (AMC). etat: P paid, R rejected, D deferred, null: this part
-- was not handled. paye is signed; demande is null when it does not read.
-- In the older generation the parts are made of the act lines (210) of a 100, at whose rank they stand: no asked amount,
-- P with acts, R with rejects alone; the complementary part only when an act pays some of it.
SELECT
    o.cabinet,
    o.fichier,
    o.rang,
    'AMO' AS partie,
    o.rang_parent AS rang_ligne,
    o.montant_demande AS demande,
    o.etat,
    COALESCE(o.montant_rembourse, 0) AS paye,
    o.octet
FROM fichier_touche k
JOIN noemie_198 o ON o.cabinet = k.cabinet AND o.fichier = k.fichier
UNION ALL
SELECT
    c.cabinet,
    c.fichier,
    c.rang,
    'AMC' AS partie,
    c.rang_parent AS rang_ligne,
    c.montant_demande AS demande,
    c.etat,
    COALESCE(c.montant_rembourse, 0) AS paye,
    c.octet
FROM fichier_touche k
JOIN noemie_199 c ON c.cabinet = k.cabinet AND c.fichier = k.fichier
UNION ALL
SELECT
    l.cabinet,
    l.fichier,
    l.rang,
    'AMO' AS partie,
    l.rang AS rang_ligne,
    CAST(NULL AS BIGINT) AS demande,
    CASE WHEN a.actes > 0 THEN 'P' WHEN r.rejets > 0 THEN 'R' END AS etat,
    COALESCE(a.obligatoire, 0) AS paye,
    l.octet
FROM fichier_touche k
JOIN noemie_100 l ON l.cabinet = k.cabinet AND l.fichier = k.fichier
LEFT JOIN (
    SELECT
        e.cabinet,
        e.fichier,
        e.rang_parent,
        COUNT(e.rang) AS actes,
        CAST(
            SUM(
                COALESCE(e.montant_rembourse, 0)
                + CASE WHEN e.signe_rembourse = 'N' THEN -1 ELSE 1 END * COALESCE(e.montant_alsace_moselle, 0)
            ) AS BIGINT
        ) AS obligatoire
    FROM fichier_touche k
    JOIN noemie_210 e ON e.cabinet = k.cabinet AND e.fichier = k.fichier
    GROUP BY e.cabinet, e.fichier, e.rang_parent
) a ON a.cabinet = l.cabinet AND a.fichier = l.fichier AND a.rang_parent = l.rang
LEFT JOIN (
    SELECT
        e.cabinet,
        e.fichier,
        e.rang_parent,
        COUNT(e.rang) AS rejets
    FROM fichier_touche k
    JOIN noemie_290 e ON e.cabinet = k.cabinet AND e.fichier = k.fichier
    GROUP BY e.cabinet, e.fichier, e.rang_parent
) r ON r.cabinet = l.cabinet AND r.fichier = l.fichier AND r.rang_parent = l.rang
UNION ALL
SELECT
    l.cabinet,
    l.fichier,
    l.rang,
    'AMC' AS partie,
    l.rang AS rang_ligne,
    CAST(NULL AS BIGINT) AS demande,
    'P' AS etat,
    a.complementaire AS paye,
    l.octet
FROM fichier_touche k
JOIN noemie_100 l ON l.cabinet = k.cabinet AND l.fichier = k.fichier
JOIN (
    SELECT
        e.cabinet,
        e.fichier,
        e.rang_parent,
        CAST(
            SUM(CASE WHEN e.signe_rembourse = 'N' THEN -1 ELSE 1 END * e.montant_complementaire) AS BIGINT
        ) AS complementaire
    FROM fichier_touche k
    JOIN noemie_210 e ON e.cabinet = k.cabinet AND e.fichier = k.fichier
    WHERE e.montant_complementaire > 0
    GROUP BY e.cabinet, e.fichier, e.rang_parent
) a ON a.cabinet = l.cabinet AND a.fichier = l.fichier AND a.rang_parent = l.rang
