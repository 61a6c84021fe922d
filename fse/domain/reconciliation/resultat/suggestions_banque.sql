-- For each transfer without a proof, the movements of its account that are of its amount, come within the days when it can,
-- and prove nothing: nothing else links them. A suggestion is never booked; a person attaches one, or does not. seule: the
-- transfer has no other, nor the movement.
WITH piste AS (
    SELECT
        v.cabinet,
        v.fichier AS fichier_virement,
        v.rang AS rang_virement,
        m.fichier,
        m.rang,
        m.jour,
        m.montant
    FROM perimetre q
    JOIN virement v ON v.cabinet = q.cabinet
    JOIN compte_prestataire c ON c.cabinet = v.cabinet AND c.prestataire = v.beneficiaire
    JOIN mouvement_bancaire m ON m.cabinet = v.cabinet AND m.montant = v.montant AND m.compte = c.compte
    WHERE
        v.montant <> 0
        AND m.jour >= v.date_comptable - 3
        AND m.jour <= v.date_comptable + 30
        AND NOT EXISTS (
            SELECT 1
            FROM preuve_virement a
            WHERE a.cabinet = v.cabinet AND a.fichier_virement = v.fichier AND a.rang_virement = v.rang
        )
        AND NOT EXISTS (
            SELECT 1
            FROM preuve_virement b
            WHERE b.cabinet = m.cabinet AND b.fichier = m.fichier AND b.rang = m.rang
        )
),
par_virement AS (
    SELECT
        p.cabinet,
        p.fichier_virement,
        p.rang_virement,
        COUNT(p.rang) AS nombre
    FROM piste p
    GROUP BY p.cabinet, p.fichier_virement, p.rang_virement
),
par_mouvement AS (
    SELECT
        p.cabinet,
        p.fichier,
        p.rang,
        COUNT(p.rang_virement) AS nombre
    FROM piste p
    GROUP BY p.cabinet, p.fichier, p.rang
)
SELECT
    p.cabinet,
    p.fichier_virement,
    p.rang_virement,
    p.fichier,
    p.rang,
    p.jour,
    p.montant,
    CASE WHEN v.nombre = 1 AND m.nombre = 1 THEN 1 ELSE 0 END AS seule
FROM piste p
JOIN par_virement v
    ON v.cabinet = p.cabinet AND v.fichier_virement = p.fichier_virement AND v.rang_virement = p.rang_virement
JOIN par_mouvement m ON m.cabinet = p.cabinet AND m.fichier = p.fichier AND m.rang = p.rang
ORDER BY p.cabinet, p.fichier_virement, p.rang_virement, p.jour, p.fichier, p.rang
