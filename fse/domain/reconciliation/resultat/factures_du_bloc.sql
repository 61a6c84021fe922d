-- The state of the invoices of the asked blocks.
SELECT
    e.cabinet,
    e.prestataire,
    e.numero,
    e.etat,
    e.remplacee_par
FROM bloc b
JOIN etat_facture e ON e.cabinet = b.cabinet AND e.numero = b.numero
WHERE b.hors_numero = ''
ORDER BY e.cabinet, e.prestataire, e.numero
