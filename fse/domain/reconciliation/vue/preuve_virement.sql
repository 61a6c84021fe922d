-- A transfer and the movement, or one of the movements, that prove it. A movement proves one match at most.
SELECT
    r.cabinet,
    r.fichier_virement,
    r.rang_virement,
    r.fichier,
    r.rang,
    r.politique,
    m.compte,
    m.jour,
    m.montant
FROM rapprochement_bancaire r
JOIN mouvement_bancaire m ON m.cabinet = r.cabinet AND m.fichier = r.fichier AND m.rang = r.rang
WHERE r.politique <> 'ambigue'
