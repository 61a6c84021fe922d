-- The worklist: one row for each thing that waits or is to handle. montant is what is in play, never negative except
-- for a residue, whose amount keeps its sign. fichier and rang name the return line of a residue, and nothing else.
-- The days are counted from securing (a_emettre), from departure (attendue, sans_retour), else from the last answer.
SELECT
    f.cabinet AS cabinet,
    f.prestataire AS prestataire,
    f.numero AS numero,
    '' AS partie,
    'a_emettre' AS nature,
    f.demande_amo + f.demande_amc AS montant,
    f.securisee_le AS depuis,
    j.aujourd_hui - f.securisee_le AS age,
    '' AS fichier,
    0 AS rang
FROM etat_facture e
JOIN facture_suivie f ON f.cabinet = e.cabinet AND f.prestataire = e.prestataire AND f.numero = e.numero
CROSS JOIN parametre j
WHERE e.etat = 'a_emettre'
UNION ALL
SELECT
    p.cabinet,
    p.prestataire,
    p.numero,
    p.partie,
    CASE
        WHEN p.etat = 'attendue' AND j.aujourd_hui - f.envoyee_le > j.delai_sans_retour THEN 'sans_retour'
        ELSE p.etat
    END AS nature,
    CASE WHEN p.etat = 'payee_plus' THEN p.paye - p.demande ELSE p.demande - p.paye END AS montant,
    CASE WHEN p.derniere_le > 0 THEN p.derniere_le ELSE f.envoyee_le END AS depuis,
    j.aujourd_hui - CASE WHEN p.derniere_le > 0 THEN p.derniere_le ELSE f.envoyee_le END AS age,
    '' AS fichier,
    0 AS rang
FROM etat_facture e
JOIN etat_part p ON p.cabinet = e.cabinet AND p.prestataire = e.prestataire AND p.numero = e.numero
JOIN facture_suivie f ON f.cabinet = e.cabinet AND f.prestataire = e.prestataire AND f.numero = e.numero
CROSS JOIN parametre j
WHERE e.etat IN ('en_cours', 'a_traiter') AND p.etat NOT IN ('sans_objet', 'payee')
UNION ALL
SELECT
    r.cabinet,
    r.prestataire,
    r.numero,
    '' AS partie,
    r.nature,
    l.paye AS montant,
    l.date_comptable AS depuis,
    j.aujourd_hui - l.date_comptable AS age,
    r.fichier,
    r.rang
FROM residu r
JOIN ligne_retour l ON l.cabinet = r.cabinet AND l.fichier = r.fichier AND l.rang = r.rang
CROSS JOIN parametre j
ORDER BY cabinet, prestataire, numero, partie, nature, fichier, rang
