-- The same, without what a person has settled: neither the movement nor the transfer is proved by hand.
SELECT
    l.cabinet,
    l.fichier,
    l.rang,
    l.fichier_virement,
    l.rang_virement,
    l.montant,
    l.montant_virement,
    l.libelle_1,
    l.reference
FROM lien_possible l
WHERE
    NOT EXISTS (
        SELECT 1
        FROM preuve_manuelle a
        WHERE a.cabinet = l.cabinet AND a.fichier = l.fichier AND a.rang = l.rang
    )
    AND NOT EXISTS (
        SELECT 1
        FROM preuve_manuelle b
        WHERE
            b.cabinet = l.cabinet
            AND b.fichier_virement = l.fichier_virement
            AND b.rang_virement = l.rang_virement
    )
