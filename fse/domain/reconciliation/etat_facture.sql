-- One row an invoice of the asked blocks: the state that its cancellation, its departure and its two parts make.
SELECT
    f.cabinet,
    f.prestataire,
    f.numero,
    CASE
        WHEN f.annulee = 1 THEN 'annulee'
        WHEN f.envoyee_le = 0 THEN 'a_emettre'
        WHEN o.etat IN ('rejetee', 'payee_moins', 'payee_plus') THEN 'a_traiter'
        WHEN c.etat IN ('rejetee', 'payee_moins', 'payee_plus') THEN 'a_traiter'
        WHEN o.etat IN ('attendue', 'differee') OR c.etat IN ('attendue', 'differee') THEN 'en_cours'
        WHEN o.etat = 'sans_objet' AND c.etat = 'sans_objet' THEN 'aucun_retour_attendu'
        ELSE 'soldee'
    END AS etat
FROM bloc b
JOIN facture_suivie f ON f.cabinet = b.cabinet AND f.prestataire = b.prestataire AND f.numero = b.numero
JOIN etat_part o
    ON o.cabinet = b.cabinet AND o.prestataire = b.prestataire AND o.numero = b.numero AND o.partie = 'AMO'
JOIN etat_part c
    ON c.cabinet = b.cabinet AND c.prestataire = b.prestataire AND c.numero = b.numero AND c.partie = 'AMC'
