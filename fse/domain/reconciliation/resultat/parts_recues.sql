-- Each part that the asked files answer, with the invoice it was matched with ('' for the prestataire when it was not:
-- numero is then the one that the line names) and the state that the part has in all.
SELECT
    p.cabinet,
    p.fichier,
    p.rang,
    p.partie,
    COALESCE(a.prestataire, '') AS prestataire,
    COALESCE(a.numero, l.numero) AS numero,
    COALESCE(p.etat, '') AS etat,
    p.demande,
    p.paye,
    COALESCE(e.etat, '') AS etat_part
FROM fichier_touche t
JOIN part_retour p ON p.cabinet = t.cabinet AND p.fichier = t.fichier
JOIN ligne_retour l ON l.cabinet = p.cabinet AND l.fichier = p.fichier AND l.rang = p.rang_ligne
LEFT JOIN appariement a ON a.cabinet = p.cabinet AND a.fichier = p.fichier AND a.rang = p.rang_ligne
LEFT JOIN etat_part e
    ON e.cabinet = a.cabinet AND e.prestataire = a.prestataire AND e.numero = a.numero AND e.partie = p.partie
ORDER BY p.cabinet, p.fichier, p.rang, p.partie
