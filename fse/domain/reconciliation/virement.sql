-- One row a 071 (a transfer). montant: the sum that its last 990 states, null without one. The rest is taken from the
-- tree itself and not from any match. parts: the signed sum of what the 198 and 199 under it pay. forfaits: the sum of
-- its 261. retenues: the signed sum that its 250 withhold (operation RPR); the other operations move no money here.
SELECT
    v.cabinet,
    v.fichier,
    v.rang,
    COALESCE(v.date_comptable, e.date_creation, 0) AS date_comptable,
    v.libelle_virement_1 AS libelle_1,
    v.libelle_virement_2 AS libelle_2,
    v.organisme_payeur AS payeur,
    c.somme AS montant,
    COALESCE(
        (
            SELECT CAST(SUM(p.montant_rembourse) AS BIGINT)
            FROM noemie_081 t
            JOIN noemie_102 l ON l.cabinet = t.cabinet AND l.fichier = t.fichier AND l.rang_parent = t.rang
            JOIN noemie_198 p ON p.cabinet = l.cabinet AND p.fichier = l.fichier AND p.rang_parent = l.rang
            WHERE t.cabinet = v.cabinet AND t.fichier = v.fichier AND t.rang_parent = v.rang
        ),
        0
    ) + COALESCE(
        (
            SELECT CAST(SUM(p.montant_rembourse) AS BIGINT)
            FROM noemie_081 t
            JOIN noemie_102 l ON l.cabinet = t.cabinet AND l.fichier = t.fichier AND l.rang_parent = t.rang
            JOIN noemie_199 p ON p.cabinet = l.cabinet AND p.fichier = l.fichier AND p.rang_parent = l.rang
            WHERE t.cabinet = v.cabinet AND t.fichier = v.fichier AND t.rang_parent = v.rang
        ),
        0
    ) AS parts,
    COALESCE(
        (
            SELECT CAST(SUM(g.montant) AS BIGINT)
            FROM noemie_081 t
            JOIN noemie_261 g ON g.cabinet = t.cabinet AND g.fichier = t.fichier AND g.rang_parent = t.rang
            WHERE t.cabinet = v.cabinet AND t.fichier = v.fichier AND t.rang_parent = v.rang
        ),
        0
    ) AS forfaits,
    COALESCE(
        (
            SELECT CAST(SUM(m.montant) AS BIGINT)
            FROM noemie_081 t
            JOIN noemie_250 m ON m.cabinet = t.cabinet AND m.fichier = t.fichier AND m.rang_parent = t.rang
            WHERE t.cabinet = v.cabinet AND t.fichier = v.fichier AND t.rang_parent = v.rang AND m.operation = 'RPR'
        ),
        0
    ) AS retenues,
    v.octet
FROM noemie_071 v
LEFT JOIN noemie_000 e ON e.cabinet = v.cabinet AND e.fichier = v.fichier
LEFT JOIN noemie_990 c ON c.cabinet = v.cabinet AND c.fichier = v.fichier AND c.rang_parent = v.rang
WHERE NOT EXISTS (
    SELECT 1
    FROM noemie_990 s
    WHERE s.cabinet = c.cabinet AND s.fichier = c.fichier AND s.rang_parent = c.rang_parent AND s.rang > c.rang
)
