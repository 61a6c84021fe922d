-- A part paid on an invoice and again on the one that corrects it: montant is what passes the greater of the two asked.
SELECT
    e.cabinet,
    e.prestataire,
    e.numero,
    p.partie,
    e.remplacee_par,
    p.paye + s.paye - CASE WHEN p.demande > s.demande THEN p.demande ELSE s.demande END AS montant,
    CASE WHEN p.derniere_le > s.derniere_le THEN p.derniere_le ELSE s.derniere_le END AS derniere_le
FROM etat_facture e
JOIN etat_part p ON p.cabinet = e.cabinet AND p.prestataire = e.prestataire AND p.numero = e.numero
JOIN etat_part s
    ON s.cabinet = e.cabinet
    AND s.prestataire = e.prestataire
    AND s.numero = e.remplacee_par
    AND s.partie = p.partie
WHERE
    e.remplacee_par > 0
    AND p.paye > 0
    AND s.paye > 0
    AND p.paye + s.paye > CASE WHEN p.demande > s.demande THEN p.demande ELSE s.demande END
