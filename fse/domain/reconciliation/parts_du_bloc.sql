-- The state of each part of the asked blocks.
SELECT
    e.cabinet,
    e.prestataire,
    e.numero,
    e.partie,
    e.demande,
    e.paye,
    e.etat
FROM bloc b
JOIN etat_part e ON e.cabinet = b.cabinet AND e.prestataire = b.prestataire AND e.numero = b.numero
ORDER BY e.cabinet, e.prestataire, e.numero, e.partie
