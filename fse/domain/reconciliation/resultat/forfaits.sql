-- Every lump sum, in order of time.
SELECT
    m.cabinet,
    m.prestataire,
    m.code,
    m.montant,
    m.details,
    m.debut,
    m.fin,
    m.date_comptable,
    m.fichier,
    m.rang,
    m.octet
FROM perimetre q
JOIN forfait_retour m ON m.cabinet = q.cabinet
ORDER BY m.cabinet, m.prestataire, m.date_comptable, m.fichier, m.rang
