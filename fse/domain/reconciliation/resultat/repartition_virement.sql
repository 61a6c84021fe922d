-- What each transfer of the asked files pays for each prestataire: matched lines count for the prestataire of their
-- invoice, the others for the one they name. With one payee designated for several, this is what is shared back.
WITH part AS (
    SELECT
        l.cabinet,
        l.fichier,
        l.rang_virement,
        COALESCE(a.prestataire, l.prestataire) AS prestataire,
        1 AS lignes,
        l.paye AS factures,
        0 AS forfaits,
        0 AS retenues
    FROM fichier_touche t
    JOIN ligne_retour l ON l.cabinet = t.cabinet AND l.fichier = t.fichier
    LEFT JOIN appariement a ON a.cabinet = l.cabinet AND a.fichier = l.fichier AND a.rang = l.rang
    UNION ALL
    SELECT
        m.cabinet,
        m.fichier,
        m.rang_virement,
        m.prestataire,
        0 AS lignes,
        0 AS factures,
        m.montant AS forfaits,
        0 AS retenues
    FROM fichier_touche t
    JOIN forfait_retour m ON m.cabinet = t.cabinet AND m.fichier = t.fichier
    UNION ALL
    SELECT
        m.cabinet,
        m.fichier,
        m.rang_virement,
        m.prestataire,
        0 AS lignes,
        0 AS factures,
        0 AS forfaits,
        m.retenue AS retenues
    FROM fichier_touche t
    JOIN creance_retour m ON m.cabinet = t.cabinet AND m.fichier = t.fichier
)
SELECT
    p.cabinet AS cabinet,
    p.fichier AS fichier,
    p.rang_virement AS rang,
    p.prestataire AS prestataire,
    CAST(SUM(p.lignes) AS BIGINT) AS lignes,
    CAST(SUM(p.factures) AS BIGINT) AS factures,
    CAST(SUM(p.forfaits) AS BIGINT) AS forfaits,
    CAST(SUM(p.retenues) AS BIGINT) AS retenues
FROM part p
GROUP BY p.cabinet, p.fichier, p.rang_virement, p.prestataire
ORDER BY cabinet, fichier, rang, prestataire
