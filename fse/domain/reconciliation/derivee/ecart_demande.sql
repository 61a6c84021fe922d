-- Answered parts of matched lines whose asked amount is not that of our invoice. No control sum of the file covers
-- these amounts. A payer that answers 0 for a part of which nothing was expected of it is no difference.
SELECT
    p.cabinet,
    p.fichier,
    p.rang,
    p.partie,
    p.rang_ligne,
    a.prestataire,
    a.numero,
    CASE WHEN p.partie = 'AMO' THEN f.demande_amo ELSE f.demande_amc END AS demande,
    p.demande AS demande_retour
FROM bloc b
JOIN appariement a ON a.cabinet = b.cabinet AND a.numero = b.numero
JOIN facture_suivie f ON f.cabinet = a.cabinet AND f.prestataire = a.prestataire AND f.numero = a.numero
JOIN part_retour p ON p.cabinet = a.cabinet AND p.fichier = a.fichier AND p.rang_ligne = a.rang
WHERE
    b.hors_numero = ''
    AND p.etat IS NOT NULL
    AND p.demande <> CASE WHEN p.partie = 'AMO' THEN f.demande_amo ELSE f.demande_amc END
    AND (p.demande <> 0 OR CASE WHEN p.partie = 'AMO' THEN f.attend_amo ELSE f.attend_amc END = 1)
