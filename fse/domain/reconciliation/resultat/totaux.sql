-- Each asked file: how many lines it names, how many are matched or in a residue, and the same in centimes. parts sums
-- all its 198, 199 and 210, wherever they stand; reste = parts - rapproche - residu: what stands under no line.
WITH ligne AS (
    SELECT
        l.cabinet,
        l.fichier,
        1 AS rapprochee,
        0 AS en_residu,
        l.paye AS rapproche,
        0 AS residu
    FROM fichier_touche t
    JOIN appariement a ON a.cabinet = t.cabinet AND a.fichier = t.fichier
    JOIN ligne_retour l ON l.cabinet = a.cabinet AND l.fichier = a.fichier AND l.rang = a.rang
    UNION ALL
    SELECT
        l.cabinet,
        l.fichier,
        0 AS rapprochee,
        1 AS en_residu,
        0 AS rapproche,
        l.paye AS residu
    FROM fichier_touche t
    JOIN residu r ON r.cabinet = t.cabinet AND r.fichier = t.fichier
    JOIN ligne_retour l ON l.cabinet = r.cabinet AND l.fichier = r.fichier AND l.rang = r.rang
),
classe AS (
    SELECT
        l.cabinet,
        l.fichier,
        CAST(SUM(l.rapprochee) AS BIGINT) AS lignes_rapprochees,
        CAST(SUM(l.en_residu) AS BIGINT) AS lignes_residu,
        CAST(SUM(l.rapproche) AS BIGINT) AS rapproche,
        CAST(SUM(l.residu) AS BIGINT) AS residu
    FROM ligne l
    GROUP BY l.cabinet, l.fichier
),
entite AS (
    SELECT
        p.cabinet,
        p.fichier,
        0 AS lignes,
        COALESCE(p.montant_rembourse, 0) AS parts
    FROM fichier_touche t
    JOIN noemie_198 p ON p.cabinet = t.cabinet AND p.fichier = t.fichier
    UNION ALL
    SELECT
        p.cabinet,
        p.fichier,
        0 AS lignes,
        COALESCE(p.montant_rembourse, 0) AS parts
    FROM fichier_touche t
    JOIN noemie_199 p ON p.cabinet = t.cabinet AND p.fichier = t.fichier
    UNION ALL
    SELECT
        p.cabinet,
        p.fichier,
        0 AS lignes,
        COALESCE(p.montant_rembourse, 0)
        + CASE WHEN p.signe_rembourse = 'N' THEN -1 ELSE 1 END
        * (COALESCE(p.montant_alsace_moselle, 0) + COALESCE(p.montant_complementaire, 0)) AS parts
    FROM fichier_touche t
    JOIN noemie_210 p ON p.cabinet = t.cabinet AND p.fichier = t.fichier
    UNION ALL
    SELECT
        p.cabinet,
        p.fichier,
        1 AS lignes,
        0 AS parts
    FROM fichier_touche t
    JOIN noemie_102 p ON p.cabinet = t.cabinet AND p.fichier = t.fichier
    UNION ALL
    SELECT
        p.cabinet,
        p.fichier,
        1 AS lignes,
        0 AS parts
    FROM fichier_touche t
    JOIN noemie_100 p ON p.cabinet = t.cabinet AND p.fichier = t.fichier
),
brut AS (
    SELECT
        t.cabinet,
        t.fichier,
        COALESCE(CAST(SUM(e.lignes) AS BIGINT), 0) AS lignes,
        COALESCE(CAST(SUM(e.parts) AS BIGINT), 0) AS parts
    FROM fichier_touche t
    LEFT JOIN entite e ON e.cabinet = t.cabinet AND e.fichier = t.fichier
    GROUP BY t.cabinet, t.fichier
)
SELECT
    b.cabinet,
    b.fichier,
    b.lignes,
    COALESCE(c.lignes_rapprochees, 0) AS lignes_rapprochees,
    COALESCE(c.lignes_residu, 0) AS lignes_residu,
    b.parts,
    COALESCE(c.rapproche, 0) AS rapproche,
    COALESCE(c.residu, 0) AS residu,
    b.parts - COALESCE(c.rapproche, 0) - COALESCE(c.residu, 0) AS reste
FROM brut b
LEFT JOIN classe c ON c.cabinet = b.cabinet AND c.fichier = b.fichier
ORDER BY b.cabinet, b.fichier
