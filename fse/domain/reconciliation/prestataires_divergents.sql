-- Types of return (081) of the asked files whose identifiers name different prestataires once reduced: the place of
-- the act, the payee of the 040, the recipient of the 000. '' is none. The first one given is the one that counts.
WITH identite AS (
    SELECT
        t.cabinet,
        t.fichier,
        t.rang,
        t.octet,
        COALESCE(a.prestataire, '') AS lieu_execution,
        COALESCE(b.prestataire, '') AS beneficiaire,
        COALESCE(c.prestataire, '') AS destinataire
    FROM fichier_touche q
    JOIN noemie_081 t ON t.cabinet = q.cabinet AND t.fichier = q.fichier
    LEFT JOIN noemie_071 v ON v.cabinet = t.cabinet AND v.fichier = t.fichier AND v.rang = t.rang_parent
    LEFT JOIN noemie_040 d ON d.cabinet = v.cabinet AND d.fichier = v.fichier AND d.rang = v.rang_parent
    LEFT JOIN noemie_000 e ON e.cabinet = t.cabinet AND e.fichier = t.fichier
    LEFT JOIN identifiant a ON a.brut = t.lieu_execution
    LEFT JOIN identifiant b ON b.brut = d.beneficiaire_reglement
    LEFT JOIN identifiant c ON c.brut = e.numero_destinataire
)
SELECT
    i.cabinet,
    i.fichier,
    i.rang,
    i.octet,
    i.lieu_execution,
    i.beneficiaire,
    i.destinataire
FROM identite i
WHERE
    (i.lieu_execution <> '' AND i.beneficiaire <> '' AND i.lieu_execution <> i.beneficiaire)
    OR (i.lieu_execution <> '' AND i.destinataire <> '' AND i.lieu_execution <> i.destinataire)
    OR (i.beneficiaire <> '' AND i.destinataire <> '' AND i.beneficiaire <> i.destinataire)
ORDER BY i.cabinet, i.fichier, i.rang
