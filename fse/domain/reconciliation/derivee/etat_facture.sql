-- One row an invoice of the asked blocks: the state that its cancellation, its departure and its two parts make, or what
-- was acknowledged of it when no payment is awaited (architecture, decision 14), and
-- the invoice that corrects it in the end (0: none), the first one of its chain of corrections (0: it is in none).
SELECT
    f.cabinet,
    f.prestataire,
    f.numero,
    CASE
        WHEN f.annulee = 1 THEN 'annulee'
        WHEN f.envoyee_le = 0 THEN 'a_emettre'
        WHEN o.etat IN ('rejetee', 'payee_moins', 'payee_plus') THEN 'a_traiter'
        WHEN c.etat IN ('rejetee', 'payee_moins', 'payee_plus') THEN 'a_traiter'
        WHEN
            f.en_route = 0
            AND f.remplacee_par = 0
            AND f.accuse IN ('', 'attendu', 'negatif')
            AND o.etat IN ('attendue', 'sans_objet')
            AND c.etat IN ('attendue', 'sans_objet') THEN 'a_reemettre'
        WHEN o.etat IN ('attendue', 'differee') OR c.etat IN ('attendue', 'differee') THEN 'en_cours'
        WHEN o.etat = 'remplacee' OR c.etat = 'remplacee' THEN 'corrigee'
        WHEN o.etat = 'abandonnee' OR c.etat = 'abandonnee' THEN 'abandonnee'
        WHEN o.etat = 'sans_objet' AND c.etat = 'sans_objet' AND f.accuse = 'positif' THEN 'acquittee'
        WHEN o.etat = 'sans_objet' AND c.etat = 'sans_objet' AND f.accuse = 'attendu' THEN 'a_acquitter'
        WHEN o.etat = 'sans_objet' AND c.etat = 'sans_objet' AND f.accuse = 'negatif' THEN 'refusee'
        WHEN o.etat = 'sans_objet' AND c.etat = 'sans_objet' AND f.accuse = 'papier' THEN 'sur_papier'
        WHEN o.etat = 'sans_objet' AND c.etat = 'sans_objet' THEN 'aucun_retour_attendu'
        ELSE 'soldee'
    END AS etat,
    f.remplacee_par,
    f.racine
FROM bloc b
JOIN facture_suivie f ON f.cabinet = b.cabinet AND f.numero = b.numero
JOIN etat_part o
    ON o.cabinet = f.cabinet AND o.prestataire = f.prestataire AND o.numero = f.numero AND o.partie = 'AMO'
JOIN etat_part c
    ON c.cabinet = f.cabinet AND c.prestataire = f.prestataire AND c.numero = f.numero AND c.partie = 'AMC'
WHERE b.hors_numero = ''
