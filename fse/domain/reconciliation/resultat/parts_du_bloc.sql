-- The state of each part of the asked blocks.
SELECT
    e.cabinet,
    e.prestataire,
    e.numero,
    e.partie,
    e.demande,
    e.paye,
    e.saisi,
    e.retours,
    e.etat,
    e.dernier,
    e.derniere_le,
    e.acte
FROM bloc b
JOIN etat_part e ON e.cabinet = b.cabinet AND e.numero = b.numero
WHERE b.hors_numero = ''
ORDER BY e.cabinet, e.prestataire, e.numero, e.partie
