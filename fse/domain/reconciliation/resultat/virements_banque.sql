-- Each transfer of the asked files against the accounts: proved by which policy, on which day, by how many movements; else
-- why it is not (policies.py names the natures): what a person attached may not be its amount. A transfer of nothing awaits nothing; one of a prestataire without an
-- account is not looked for; one that the statements do not reach yet waits for them.
WITH preuve AS (
    SELECT
        p.cabinet,
        p.fichier_virement,
        p.rang_virement,
        MAX(p.politique) AS politique,
        MAX(p.jour) AS jour,
        COUNT(p.rang) AS mouvements,
        CAST(SUM(p.montant) AS BIGINT) AS recu
    FROM fichier_touche t
    JOIN preuve_virement p ON p.cabinet = t.cabinet AND p.fichier_virement = t.fichier
    GROUP BY p.cabinet, p.fichier_virement, p.rang_virement
),
ambigu AS (
    SELECT DISTINCT
        r.cabinet,
        r.fichier_virement,
        r.rang_virement
    FROM fichier_touche t
    JOIN rapprochement_bancaire r ON r.cabinet = t.cabinet AND r.fichier_virement = t.fichier
    WHERE r.politique = 'ambigue'
),
couverture AS (
    SELECT
        c.cabinet,
        c.prestataire,
        MIN(r.debut) AS premier,
        MAX(r.cloture_le) AS dernier
    FROM compte_prestataire c
    LEFT JOIN releve_bancaire r ON r.cabinet = c.cabinet AND r.compte = c.compte
    GROUP BY c.cabinet, c.prestataire
)
SELECT
    v.cabinet,
    v.fichier,
    v.rang,
    v.beneficiaire,
    v.date_comptable,
    v.libelle_1,
    v.libelle_2,
    v.payeur,
    v.montant,
    CASE
        WHEN p.politique = 'manuelle' AND p.recu <> v.montant THEN 'virement_partiel'
        WHEN p.politique IS NOT NULL THEN ''
        WHEN v.montant IS NULL THEN 'sans_montant'
        WHEN v.montant = 0 THEN 'nul'
        WHEN c.cabinet IS NULL THEN 'sans_compte'
        WHEN a.cabinet IS NOT NULL THEN 'virement_ambigu'
        WHEN v.date_comptable + 30 < c.premier THEN 'anterieur_aux_releves'
        WHEN j.aujourd_hui <= v.date_comptable + j.delai_virement THEN 'attendu'
        WHEN COALESCE(c.dernier, 0) < v.date_comptable + j.delai_virement THEN 'releve_attendu'
        ELSE 'virement_non_recu'
    END AS nature,
    CASE WHEN p.politique = 'manuelle' AND p.recu <> v.montant THEN '' ELSE COALESCE(p.politique, '') END AS politique,
    CASE WHEN p.politique = 'manuelle' AND p.recu <> v.montant THEN NULL ELSE p.jour END AS prouve_le,
    COALESCE(p.mouvements, 0) AS mouvements,
    COALESCE(p.recu, 0) AS recu,
    j.aujourd_hui - v.date_comptable AS age
FROM fichier_touche t
JOIN virement v ON v.cabinet = t.cabinet AND v.fichier = t.fichier
CROSS JOIN parametre_banque j
LEFT JOIN preuve p ON p.cabinet = v.cabinet AND p.fichier_virement = v.fichier AND p.rang_virement = v.rang
LEFT JOIN ambigu a ON a.cabinet = v.cabinet AND a.fichier_virement = v.fichier AND a.rang_virement = v.rang
LEFT JOIN couverture c ON c.cabinet = v.cabinet AND c.prestataire = v.beneficiaire
ORDER BY v.cabinet, v.fichier, v.rang
