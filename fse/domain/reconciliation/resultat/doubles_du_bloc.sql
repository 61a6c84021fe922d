-- The double payments (double_paiement) of the chains that the invoices of the asked blocks belong to, found from them.
WITH chaine AS (
    SELECT DISTINCT
        e.cabinet,
        e.prestataire,
        e.racine
    FROM bloc b
    JOIN etat_facture e ON e.cabinet = b.cabinet AND e.numero = b.numero
    WHERE b.hors_numero = '' AND e.racine > 0
)
SELECT
    e.cabinet AS cabinet,
    e.prestataire AS prestataire,
    MIN(e.numero) AS numero,
    p.partie AS partie,
    MAX(e.numero) AS remplacee_par,
    CAST(SUM(p.paye) AS BIGINT) - MAX(p.demande) AS montant
FROM chaine c
JOIN etat_facture e ON e.cabinet = c.cabinet AND e.racine = c.racine AND e.prestataire = c.prestataire
JOIN etat_part p ON p.cabinet = e.cabinet AND p.prestataire = e.prestataire AND p.numero = e.numero
WHERE e.etat <> 'annulee' AND p.paye > 0
GROUP BY e.cabinet, e.prestataire, e.racine, p.partie
HAVING COUNT(e.numero) > 1 AND CAST(SUM(p.paye) AS BIGINT) > MAX(p.demande)
ORDER BY cabinet, prestataire, numero, partie
