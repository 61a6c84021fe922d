-- What the invoices of each chain of corrections were paid for one part, how many of them were, and the greatest amount
-- that one of them asks.
SELECT
    e.cabinet,
    e.prestataire,
    e.racine,
    p.partie,
    CAST(SUM(p.paye) AS BIGINT) AS paye,
    CAST(SUM(CASE WHEN p.paye > 0 THEN 1 ELSE 0 END) AS BIGINT) AS payees,
    MAX(p.demande) AS demande
FROM etat_facture e
JOIN etat_part p ON p.cabinet = e.cabinet AND p.prestataire = e.prestataire AND p.numero = e.numero
WHERE e.racine > 0
GROUP BY e.cabinet, e.prestataire, e.racine, p.partie
