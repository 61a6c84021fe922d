-- Each transfer of the asked files: what its 990 states, what it is made of, and where each part went.
-- ecart = montant - (parts + forfaits - retenues), null without a 990; reste = parts - rapproche - residu, which is 0 or
-- our own mistake. Lump sums and withholdings answer no invoice: they are matched with nothing here.
WITH ligne AS (
    SELECT
        l.cabinet,
        l.fichier,
        l.rang_virement,
        l.paye AS rapproche,
        0 AS residu
    FROM fichier_touche t
    JOIN appariement a ON a.cabinet = t.cabinet AND a.fichier = t.fichier
    JOIN ligne_retour l ON l.cabinet = a.cabinet AND l.fichier = a.fichier AND l.rang = a.rang
    UNION ALL
    SELECT
        l.cabinet,
        l.fichier,
        l.rang_virement,
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
        l.rang_virement,
        CAST(SUM(l.rapproche) AS BIGINT) AS rapproche,
        CAST(SUM(l.residu) AS BIGINT) AS residu
    FROM ligne l
    GROUP BY l.cabinet, l.fichier, l.rang_virement
)
SELECT
    v.cabinet,
    v.fichier,
    v.rang,
    v.date_comptable,
    v.libelle_1,
    v.libelle_2,
    v.payeur,
    v.beneficiaire,
    v.montant,
    v.parts,
    v.forfaits,
    v.retenues,
    v.montant - v.parts - v.forfaits + v.retenues AS ecart,
    COALESCE(c.rapproche, 0) AS rapproche,
    COALESCE(c.residu, 0) AS residu,
    v.parts - COALESCE(c.rapproche, 0) - COALESCE(c.residu, 0) AS reste
FROM fichier_touche t
JOIN virement v ON v.cabinet = t.cabinet AND v.fichier = t.fichier
LEFT JOIN classe c ON c.cabinet = v.cabinet AND c.fichier = v.fichier AND c.rang_virement = v.rang
ORDER BY v.cabinet, v.fichier, v.rang
