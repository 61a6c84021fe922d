-- A movement of an account, and a transfer that its labels cite, paid on that account within the days when it can come: 3
-- before the accounting day of the transfer to 30 after. A transfer of nothing awaits no movement, one without a total
-- cannot be compared.
SELECT
    c.cabinet,
    c.fichier,
    c.rang,
    c.fichier_virement,
    c.rang_virement,
    m.montant,
    v.montant AS montant_virement,
    c.libelle_1,
    c.reference
FROM citation_bancaire c
JOIN mouvement_bancaire m ON m.cabinet = c.cabinet AND m.fichier = c.fichier AND m.rang = c.rang
JOIN virement v ON v.cabinet = c.cabinet AND v.fichier = c.fichier_virement AND v.rang = c.rang_virement
JOIN compte_prestataire p
    ON p.cabinet = v.cabinet AND p.prestataire = v.beneficiaire AND p.compte = m.compte
WHERE v.montant <> 0 AND m.jour >= v.date_comptable - 3 AND m.jour <= v.date_comptable + 30
