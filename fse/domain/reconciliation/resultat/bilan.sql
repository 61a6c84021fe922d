-- Where the money stands, one row a prestataire, over the invoices that left and are not cancelled: how many, how many
-- are settled, how many await nothing; what was asked of the payers and what they paid. What misses and what is too much
-- are summed part by part, so that what is paid twice on one never hides what is due on another:
-- demande - paye = reste + corrige + couvert + regle_autrement + abandonne - trop_paye. corrige is asked again by the
-- invoices that correct, couvert was paid on another invoice of the chain; regle_autrement and abandonne were settled by
-- hand.
SELECT
    e.cabinet AS cabinet,
    e.prestataire AS prestataire,
    CAST(SUM(CASE WHEN p.partie = 'AMO' THEN 1 ELSE 0 END) AS BIGINT) AS factures,
    CAST(SUM(CASE WHEN p.partie = 'AMO' AND e.etat = 'soldee' THEN 1 ELSE 0 END) AS BIGINT) AS soldees,
    CAST(
        SUM(
            CASE
                WHEN p.partie = 'AMO'
                    AND e.etat IN ('aucun_retour_attendu', 'acquittee', 'a_acquitter', 'refusee', 'sur_papier')
                    THEN 1
                ELSE 0
            END
        ) AS BIGINT
    ) AS sans_retour_attendu,
    CAST(SUM(p.demande) AS BIGINT) AS demande,
    CAST(SUM(p.paye) AS BIGINT) AS paye,
    CAST(
        SUM(
            CASE
                WHEN p.demande > p.paye AND p.etat = 'rejetee' AND c.paye >= p.demande THEN 0
                WHEN p.demande > p.paye AND p.etat IN ('attendue', 'differee', 'rejetee', 'payee_moins')
                    THEN p.demande - p.paye
                ELSE 0
            END
        ) AS BIGINT
    ) AS reste,
    CAST(
        SUM(CASE WHEN p.demande > p.paye AND p.etat = 'remplacee' THEN p.demande - p.paye ELSE 0 END) AS BIGINT
    ) AS corrige,
    CAST(
        SUM(
            CASE
                WHEN p.demande > p.paye AND p.etat = 'rejetee' AND c.paye >= p.demande THEN p.demande - p.paye
                ELSE 0
            END
        ) AS BIGINT
    ) AS couvert,
    CAST(
        SUM(CASE WHEN p.demande > p.paye AND p.etat = 'payee' THEN p.demande - p.paye ELSE 0 END) AS BIGINT
    ) AS regle_autrement,
    CAST(
        SUM(CASE WHEN p.demande > p.paye AND p.etat = 'abandonnee' THEN p.demande - p.paye ELSE 0 END) AS BIGINT
    ) AS abandonne,
    CAST(SUM(CASE WHEN p.paye > p.demande THEN p.paye - p.demande ELSE 0 END) AS BIGINT) AS trop_paye
FROM perimetre q
JOIN etat_facture e ON e.cabinet = q.cabinet
JOIN etat_part p ON p.cabinet = e.cabinet AND p.prestataire = e.prestataire AND p.numero = e.numero
LEFT JOIN chaine_payee c
    ON c.cabinet = e.cabinet AND c.prestataire = e.prestataire AND c.racine = e.racine AND c.partie = p.partie
WHERE e.etat NOT IN ('annulee', 'a_emettre')
GROUP BY e.cabinet, e.prestataire
ORDER BY cabinet, prestataire
