-- What the asked files, statements or returns, have a part in: transfers with the movements that prove them, or that answer
-- them as well as others do.
SELECT
    r.cabinet AS cabinet,
    r.fichier_virement AS fichier_virement,
    r.rang_virement AS rang_virement,
    r.fichier AS fichier,
    r.rang AS rang,
    r.politique AS politique
FROM fichier_touche t
JOIN rapprochement_bancaire r ON r.cabinet = t.cabinet AND r.fichier = t.fichier
UNION
SELECT
    r.cabinet,
    r.fichier_virement,
    r.rang_virement,
    r.fichier,
    r.rang,
    r.politique
FROM fichier_touche t
JOIN rapprochement_bancaire r ON r.cabinet = t.cabinet AND r.fichier_virement = t.fichier
ORDER BY cabinet, fichier_virement, rang_virement, fichier, rang
