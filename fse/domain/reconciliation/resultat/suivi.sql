-- The worklist: one row for each thing that waits or is to handle. montant is what is in play; that of a residue or of a
-- transfer keeps its sign. A rejected part whose chain of corrections is paid asks for nothing. fichier and rang name
-- the return line, the transfer or the debt meant; organisme is the fund of the invoice, else the payer of the transfer;
-- reference is that of a debt. What was put away by hand (classement) is left out. The days are counted from securing
-- (a_emettre, a_reemettre), from departure (attendue, sans_retour), else from the last answer.
SELECT
    f.cabinet AS cabinet,
    f.prestataire AS prestataire,
    f.numero AS numero,
    '' AS partie,
    e.etat AS nature,
    f.demande_amo * f.attend_amo + f.demande_amc * f.attend_amc AS montant,
    f.securisee_le AS depuis,
    f.date_facture AS date_facture,
    f.envoyee_le AS envoyee_le,
    f.organisme AS organisme,
    '' AS reference,
    '' AS fichier,
    0 AS rang,
    j.aujourd_hui - f.securisee_le AS age
FROM perimetre q
JOIN etat_facture e ON e.cabinet = q.cabinet
JOIN facture_suivie f ON f.cabinet = e.cabinet AND f.prestataire = e.prestataire AND f.numero = e.numero
CROSS JOIN parametre j
WHERE e.etat IN ('a_emettre', 'a_reemettre')
UNION ALL
SELECT
    p.cabinet,
    p.prestataire,
    p.numero,
    p.partie,
    CASE
        WHEN p.etat = 'attendue' AND j.aujourd_hui - f.envoyee_le > j.delai_sans_retour THEN 'sans_retour'
        WHEN p.etat = 'payee_plus' AND p.saisi <> 0 THEN 'saisie_doublee'
        ELSE p.etat
    END AS nature,
    CASE WHEN p.etat = 'payee_plus' THEN p.paye - p.demande ELSE p.demande - p.paye END AS montant,
    CASE WHEN p.derniere_le > 0 THEN p.derniere_le ELSE f.envoyee_le END AS depuis,
    f.date_facture,
    f.envoyee_le,
    f.organisme,
    '' AS reference,
    '' AS fichier,
    0 AS rang,
    j.aujourd_hui - CASE WHEN p.derniere_le > 0 THEN p.derniere_le ELSE f.envoyee_le END AS age
FROM perimetre q
JOIN etat_facture e ON e.cabinet = q.cabinet
JOIN etat_part p ON p.cabinet = e.cabinet AND p.prestataire = e.prestataire AND p.numero = e.numero
JOIN facture_suivie f ON f.cabinet = e.cabinet AND f.prestataire = e.prestataire AND f.numero = e.numero
LEFT JOIN chaine_payee c
    ON c.cabinet = e.cabinet AND c.prestataire = e.prestataire AND c.racine = e.racine AND c.partie = p.partie
CROSS JOIN parametre j
WHERE
    e.etat IN ('annulee', 'en_cours', 'a_traiter')
    AND p.etat NOT IN ('sans_objet', 'payee', 'remplacee', 'abandonnee')
    AND (e.etat <> 'annulee' OR p.paye <> 0)
    AND (c.racine IS NULL OR p.etat <> 'rejetee' OR c.paye < p.demande)
    AND (c.racine IS NULL OR p.etat <> 'payee_plus' OR c.payees < 2)
UNION ALL
SELECT
    p.cabinet,
    p.prestataire,
    p.numero,
    p.partie,
    'rejetee_apres_paiement' AS nature,
    p.paye AS montant,
    p.derniere_le AS depuis,
    f.date_facture,
    f.envoyee_le,
    f.organisme,
    '' AS reference,
    '' AS fichier,
    0 AS rang,
    j.aujourd_hui - p.derniere_le AS age
FROM perimetre q
JOIN etat_part p ON p.cabinet = q.cabinet AND p.dernier = 'R'
JOIN facture_suivie f ON f.cabinet = p.cabinet AND f.prestataire = p.prestataire AND f.numero = p.numero
CROSS JOIN parametre j
WHERE p.etat = 'payee' AND p.acte = 0
UNION ALL
SELECT
    d.cabinet,
    d.prestataire,
    d.numero,
    d.partie,
    'payee_deux_fois' AS nature,
    d.montant,
    d.derniere_le AS depuis,
    f.date_facture,
    f.envoyee_le,
    f.organisme,
    '' AS reference,
    '' AS fichier,
    0 AS rang,
    j.aujourd_hui - d.derniere_le AS age
FROM perimetre q
JOIN double_paiement d ON d.cabinet = q.cabinet
JOIN facture_suivie f ON f.cabinet = d.cabinet AND f.prestataire = d.prestataire AND f.numero = d.numero
CROSS JOIN parametre j
UNION ALL
SELECT
    r.cabinet,
    r.prestataire,
    r.numero,
    '' AS partie,
    r.nature,
    l.paye AS montant,
    l.date_comptable AS depuis,
    0 AS date_facture,
    0 AS envoyee_le,
    COALESCE(v.payeur, '') AS organisme,
    '' AS reference,
    r.fichier,
    r.rang,
    j.aujourd_hui - l.date_comptable AS age
FROM perimetre q
JOIN residu r ON r.cabinet = q.cabinet
JOIN ligne_retour l ON l.cabinet = r.cabinet AND l.fichier = r.fichier AND l.rang = r.rang
LEFT JOIN virement v ON v.cabinet = l.cabinet AND v.fichier = l.fichier AND v.rang = l.rang_virement
LEFT JOIN classement k ON k.cabinet = r.cabinet AND k.fichier = r.fichier AND k.rang = r.rang
CROSS JOIN parametre j
WHERE k.acte IS NULL
UNION ALL
SELECT
    l.cabinet,
    COALESCE(a.prestataire, l.prestataire) AS prestataire,
    COALESCE(a.numero, l.numero) AS numero,
    '' AS partie,
    'ligne_sans_virement' AS nature,
    l.paye AS montant,
    l.date_comptable AS depuis,
    0 AS date_facture,
    0 AS envoyee_le,
    '' AS organisme,
    '' AS reference,
    l.fichier,
    l.rang,
    j.aujourd_hui - l.date_comptable AS age
FROM perimetre q
JOIN ligne_retour l ON l.cabinet = q.cabinet AND l.rang_virement = 0
JOIN appariement a ON a.cabinet = l.cabinet AND a.fichier = l.fichier AND a.rang = l.rang
LEFT JOIN classement k ON k.cabinet = l.cabinet AND k.fichier = l.fichier AND k.rang = l.rang
CROSS JOIN parametre j
WHERE l.paye <> 0 AND k.acte IS NULL
UNION ALL
SELECT
    v.cabinet,
    v.beneficiaire AS prestataire,
    0 AS numero,
    '' AS partie,
    CASE
        WHEN v.montant IS NULL THEN 'virement_sans_total'
        WHEN v.lignes = 0 AND v.forfaits = 0 AND v.retenues = 0 THEN 'virement_sans_ligne'
        ELSE 'virement_inegal'
    END AS nature,
    CASE
        WHEN v.montant IS NULL THEN v.parts + v.forfaits - v.retenues
        ELSE v.montant - v.parts - v.forfaits + v.retenues
    END AS montant,
    v.date_comptable AS depuis,
    0 AS date_facture,
    0 AS envoyee_le,
    COALESCE(v.payeur, '') AS organisme,
    '' AS reference,
    v.fichier,
    v.rang,
    j.aujourd_hui - v.date_comptable AS age
FROM perimetre q
JOIN virement v ON v.cabinet = q.cabinet
LEFT JOIN classement k ON k.cabinet = v.cabinet AND k.fichier = v.fichier AND k.rang = v.rang
CROSS JOIN parametre j
WHERE (v.montant IS NULL OR v.montant <> v.parts + v.forfaits - v.retenues) AND k.acte IS NULL
UNION ALL
SELECT
    d.cabinet,
    d.prestataire,
    0 AS numero,
    '' AS partie,
    'retenue_inexpliquee' AS nature,
    d.retenu AS montant,
    d.derniere_le AS depuis,
    0 AS date_facture,
    0 AS envoyee_le,
    COALESCE(v.payeur, '') AS organisme,
    d.reference,
    d.fichier,
    d.rang,
    j.aujourd_hui - d.derniere_le AS age
FROM perimetre q
JOIN dette d ON d.cabinet = q.cabinet
LEFT JOIN creance_retour c ON c.cabinet = d.cabinet AND c.fichier = d.fichier AND c.rang = d.rang
LEFT JOIN virement v ON v.cabinet = c.cabinet AND v.fichier = c.fichier AND v.rang = c.rang_virement
CROSS JOIN parametre j
WHERE d.acte = 0 AND d.retenu <> 0
ORDER BY cabinet, prestataire, numero, partie, nature, fichier, rang
