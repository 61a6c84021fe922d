-- One row a transfer: 071, or 070 in the older generation. montant: the sum that its last 990 states, null without one.
-- lignes, parts, forfaits, retenues: how many invoices stand under it, what they are paid, its lump sums, what its debts
-- withhold. It balances when montant = parts + forfaits - retenues.
WITH transfert AS (
    SELECT
        v.cabinet,
        v.fichier,
        v.rang,
        v.rang_parent,
        v.date_comptable,
        v.libelle_virement_1 AS libelle_1,
        v.libelle_virement_2 AS libelle_2,
        v.organisme_payeur AS payeur,
        v.octet
    FROM fichier_touche k
    JOIN noemie_071 v ON v.cabinet = k.cabinet AND v.fichier = k.fichier
    UNION ALL
    SELECT
        v.cabinet,
        v.fichier,
        v.rang,
        v.rang_parent,
        v.date_comptable,
        CAST(NULL AS VARCHAR(32)) AS libelle_1,
        CAST(NULL AS VARCHAR(32)) AS libelle_2,
        CAST(NULL AS VARCHAR(10)) AS payeur,
        v.octet
    FROM fichier_touche k
    JOIN noemie_070 v ON v.cabinet = k.cabinet AND v.fichier = k.fichier
),
ligne AS (
    SELECT
        l.cabinet,
        l.fichier,
        l.rang_virement,
        COUNT(l.rang) AS lignes,
        CAST(SUM(l.paye) AS BIGINT) AS parts
    FROM fichier_touche k
    JOIN ligne_retour l ON l.cabinet = k.cabinet AND l.fichier = k.fichier
    GROUP BY l.cabinet, l.fichier, l.rang_virement
),
forfait AS (
    SELECT
        m.cabinet,
        m.fichier,
        m.rang_virement,
        CAST(SUM(m.montant) AS BIGINT) AS forfaits
    FROM fichier_touche k
    JOIN forfait_retour m ON m.cabinet = k.cabinet AND m.fichier = k.fichier
    GROUP BY m.cabinet, m.fichier, m.rang_virement
),
creance AS (
    SELECT
        m.cabinet,
        m.fichier,
        m.rang_virement,
        CAST(SUM(m.retenue) AS BIGINT) AS retenues
    FROM fichier_touche k
    JOIN creance_retour m ON m.cabinet = k.cabinet AND m.fichier = k.fichier
    GROUP BY m.cabinet, m.fichier, m.rang_virement
),
cloture AS (
    SELECT
        c.cabinet,
        c.fichier,
        c.rang_parent,
        c.somme,
        ROW_NUMBER() OVER (PARTITION BY c.cabinet, c.fichier, c.rang_parent ORDER BY c.rang DESC) AS place
    FROM fichier_touche k
    JOIN noemie_990 c ON c.cabinet = k.cabinet AND c.fichier = k.fichier
)
SELECT
    v.cabinet,
    v.fichier,
    v.rang,
    COALESCE(v.date_comptable, e.date_creation, 0) AS date_comptable,
    v.libelle_1,
    v.libelle_2,
    v.payeur,
    COALESCE(i.prestataire, '') AS beneficiaire,
    c.somme AS montant,
    COALESCE(l.lignes, 0) AS lignes,
    COALESCE(l.parts, 0) AS parts,
    COALESCE(f.forfaits, 0) AS forfaits,
    COALESCE(m.retenues, 0) AS retenues,
    v.octet
FROM transfert v
LEFT JOIN ligne l ON l.cabinet = v.cabinet AND l.fichier = v.fichier AND l.rang_virement = v.rang
LEFT JOIN forfait f ON f.cabinet = v.cabinet AND f.fichier = v.fichier AND f.rang_virement = v.rang
LEFT JOIN creance m ON m.cabinet = v.cabinet AND m.fichier = v.fichier AND m.rang_virement = v.rang
LEFT JOIN cloture c
    ON c.cabinet = v.cabinet AND c.fichier = v.fichier AND c.rang_parent = v.rang AND c.place = 1
LEFT JOIN noemie_040 d ON d.cabinet = v.cabinet AND d.fichier = v.fichier AND d.rang = v.rang_parent
LEFT JOIN noemie_000 e ON e.cabinet = v.cabinet AND e.fichier = v.fichier
LEFT JOIN identifiant i
    ON i.cabinet = v.cabinet AND i.brut = COALESCE(d.beneficiaire_reglement, e.numero_destinataire)
