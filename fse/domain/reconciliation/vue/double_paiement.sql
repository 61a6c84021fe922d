-- A part paid on several invoices of a chain of corrections (the first and the last ones paid are named): montant is what
-- passes the greatest amount asked. What a cancelled one was paid is too much by itself.
SELECT
    e.cabinet,
    e.prestataire,
    MIN(e.numero) AS numero,
    p.partie,
    MAX(e.numero) AS remplacee_par,
    CAST(SUM(p.paye) AS BIGINT) - MAX(p.demande) AS montant,
    MAX(p.derniere_le) AS derniere_le
FROM etat_facture e
JOIN etat_part p ON p.cabinet = e.cabinet AND p.prestataire = e.prestataire AND p.numero = e.numero
WHERE e.racine > 0 AND e.etat <> 'annulee' AND p.paye > 0
GROUP BY e.cabinet, e.prestataire, e.racine, p.partie
HAVING COUNT(e.numero) > 1 AND CAST(SUM(p.paye) AS BIGINT) > MAX(p.demande)
