-- Where the money stands, one row a cabinet, over the invoices that left and are not cancelled: how many, how many
-- are settled, how many await nothing; what was asked of the payers and what they paid. reste and trop_paye are summed
-- part by part, so that what is paid twice on one never hides what is due on another: reste - trop_paye = demande - paye.
SELECT
    f.cabinet,
    COUNT(f.numero) AS factures,
    CAST(SUM(CASE WHEN e.etat = 'soldee' THEN 1 ELSE 0 END) AS BIGINT) AS soldees,
    CAST(SUM(CASE WHEN e.etat = 'aucun_retour_attendu' THEN 1 ELSE 0 END) AS BIGINT) AS sans_retour_attendu,
    CAST(SUM(o.demande + c.demande) AS BIGINT) AS demande,
    CAST(SUM(o.paye + c.paye) AS BIGINT) AS paye,
    CAST(
        SUM(
            CASE WHEN o.demande > o.paye THEN o.demande - o.paye ELSE 0 END
            + CASE WHEN c.demande > c.paye THEN c.demande - c.paye ELSE 0 END
        ) AS BIGINT
    ) AS reste,
    CAST(
        SUM(
            CASE WHEN o.paye > o.demande THEN o.paye - o.demande ELSE 0 END
            + CASE WHEN c.paye > c.demande THEN c.paye - c.demande ELSE 0 END
        ) AS BIGINT
    ) AS trop_paye
FROM facture_suivie f
JOIN etat_facture e ON e.cabinet = f.cabinet AND e.prestataire = f.prestataire AND e.numero = f.numero
JOIN etat_part o
    ON o.cabinet = f.cabinet AND o.prestataire = f.prestataire AND o.numero = f.numero AND o.partie = 'AMO'
JOIN etat_part c
    ON c.cabinet = f.cabinet AND c.prestataire = f.prestataire AND c.numero = f.numero AND c.partie = 'AMC'
WHERE f.envoyee_le > 0 AND f.annulee = 0
GROUP BY f.cabinet
ORDER BY f.cabinet
