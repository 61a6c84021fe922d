-- Each movement of the accounts of a cabinet: a proof (nature ''), or why it is none. What names no payer and cites no
-- transfer, even one that it cannot prove (paid on another account, without a total), is other money.
SELECT
    m.cabinet,
    m.fichier,
    m.rang,
    m.compte,
    m.jour,
    m.montant,
    CASE
        WHEN EXISTS (
            SELECT 1
            FROM preuve_virement p
            WHERE p.cabinet = m.cabinet AND p.fichier = m.fichier AND p.rang = m.rang
        ) THEN ''
        WHEN EXISTS (
            SELECT 1
            FROM rapprochement_bancaire r
            WHERE r.cabinet = m.cabinet AND r.fichier = m.fichier AND r.rang = m.rang
        ) THEN 'paiement_ambigu'
        WHEN NOT EXISTS (
            SELECT 1
            FROM payeur_cite c
            WHERE c.cabinet = m.cabinet AND c.fichier = m.fichier AND c.rang = m.rang
        )
        AND NOT EXISTS (
            SELECT 1
            FROM citation_bancaire l
            WHERE l.cabinet = m.cabinet AND l.fichier = m.fichier AND l.rang = m.rang
        ) THEN 'autre'
        WHEN m.montant < 0 THEN 'reprise_inexpliquee'
        ELSE 'paiement_inexplique'
    END AS nature,
    COALESCE(
        (
            SELECT MIN(c.libelle)
            FROM payeur_cite c
            WHERE c.cabinet = m.cabinet AND c.fichier = m.fichier AND c.rang = m.rang
        ),
        ''
    ) AS payeur,
    j.aujourd_hui - m.jour AS age
FROM perimetre q
JOIN mouvement_bancaire m ON m.cabinet = q.cabinet
CROSS JOIN parametre_banque j
ORDER BY m.cabinet, m.jour, m.fichier, m.rang
