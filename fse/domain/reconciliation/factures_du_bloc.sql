-- The state of the invoice of each asked block.
SELECT
    e.cabinet,
    e.prestataire,
    e.numero,
    e.etat
FROM bloc b
JOIN etat_facture e ON e.cabinet = b.cabinet AND e.prestataire = b.prestataire AND e.numero = b.numero
ORDER BY e.cabinet, e.prestataire, e.numero
