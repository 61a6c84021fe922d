-- The return lines of an archive classed by one statement of DuckDB, written by hand for these returns alone: no older
-- generation, nothing done by hand, no proof of debts. One row a line: every column of `ligne_retour`, whose invoice it
-- is, and the policy that matched it or the nature of its residue. Texts are joined as they stand in the files.
CREATE TABLE jointure AS
WITH somme AS (
    SELECT cabinet, fichier, rang_parent, CAST(SUM(montant_rembourse) AS BIGINT) AS paye
    FROM (
        SELECT cabinet, fichier, rang_parent, montant_rembourse FROM noemie_198
        UNION ALL
        SELECT cabinet, fichier, rang_parent, montant_rembourse FROM noemie_199
    )
    GROUP BY ALL
),
tete AS (
    SELECT
        t.cabinet,
        t.fichier,
        t.rang,
        t.code_retour,
        COALESCE(i.prestataire, '') AS prestataire,
        COALESCE(v.date_comptable, e.date_creation, 0) AS date_comptable,
        COALESCE(e.date_creation, 0) AS fichier_le,
        COALESCE(e.identifiant_fichier, '') AS fichier_id,
        COALESCE(v.rang, 0) AS rang_virement
    FROM noemie_081 t
    LEFT JOIN noemie_071 v ON v.cabinet = t.cabinet AND v.fichier = t.fichier AND v.rang = t.rang_parent
    LEFT JOIN noemie_000 e ON e.cabinet = t.cabinet AND e.fichier = t.fichier
    LEFT JOIN identifiant i ON i.cabinet = t.cabinet AND i.brut = t.lieu_execution
),
ligne AS (
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        COALESCE(l.numero_facture, 0) AS numero,
        CASE WHEN COALESCE(l.numero_facture, 0) = 0 THEN l.fichier ELSE '' END AS hors_numero,
        t.prestataire,
        COALESCE(l.numero_lot, 0) AS numero_lot,
        COALESCE(l.date_lot, 0) AS date_lot,
        t.code_retour,
        l.type_facture,
        t.date_comptable,
        t.fichier_le,
        t.fichier_id,
        t.rang_virement,
        COALESCE(s.paye, 0) AS paye,
        l.octet
    FROM noemie_102 l
    JOIN tete t ON t.cabinet = l.cabinet AND t.fichier = l.fichier AND t.rang = l.rang_parent
    LEFT JOIN somme s ON s.cabinet = l.cabinet AND s.fichier = l.fichier AND s.rang_parent = l.rang
),
facture AS (
    SELECT
        f.cabinet,
        f.prestataire,
        f.numero,
        f.numero_lot,
        f.date_lot,
        f.annulee,
        f.remplacant,
        CASE WHEN f.mode = 'papier' THEN f.securisee_le ELSE f.emise_le END AS envoyee_le
    FROM facture_emise f
),
directe AS (
    SELECT
        l.*,
        f.prestataire AS trouvee,
        f.annulee,
        f.envoyee_le,
        l.numero_lot > 0 AND l.numero_lot = f.numero_lot AND l.date_lot = f.date_lot AS exacte
    FROM ligne l
    LEFT JOIN facture f ON f.cabinet = l.cabinet AND f.prestataire = l.prestataire AND f.numero = l.numero
),
autre AS (
    SELECT
        d.cabinet,
        d.fichier,
        d.rang,
        MIN(f.prestataire) AS prestataire,
        MIN(CASE WHEN f.remplacant = d.prestataire THEN 'remplacant' ELSE 'mandataire' END) AS politique
    FROM directe d
    JOIN facture f ON f.cabinet = d.cabinet AND f.numero = d.numero
    LEFT JOIN mandat m
        ON m.cabinet = d.cabinet AND m.beneficiaire = d.prestataire AND m.prestataire = f.prestataire
    WHERE
        d.trouvee IS NULL
        AND f.annulee = 0
        AND f.envoyee_le > 0
        AND (f.remplacant = d.prestataire OR m.prestataire IS NOT NULL)
        AND (d.numero_lot = 0 OR (d.numero_lot = f.numero_lot AND d.date_lot = f.date_lot))
    GROUP BY d.cabinet, d.fichier, d.rang
    HAVING COUNT(*) = 1
)
SELECT
    d.cabinet,
    d.fichier,
    d.rang,
    d.numero,
    d.hors_numero,
    d.prestataire,
    d.numero_lot,
    d.date_lot,
    d.code_retour,
    d.type_facture,
    d.date_comptable,
    d.fichier_le,
    d.fichier_id,
    d.rang_virement,
    d.paye,
    d.octet,
    COALESCE(a.prestataire, d.prestataire) AS facture_de,
    CASE
        WHEN a.politique IS NOT NULL THEN a.politique
        WHEN d.prestataire = '' THEN 'prestataire_illisible'
        WHEN d.numero = 0 THEN 'numero_illisible'
        WHEN d.annulee = 1 THEN 'facture_annulee'
        WHEN d.envoyee_le = 0 THEN 'facture_non_emise'
        WHEN d.exacte THEN 'exacte'
        WHEN d.trouvee IS NOT NULL THEN 'numero_unique'
        WHEN p.prestataire IS NULL AND m.beneficiaire IS NULL THEN 'autre_prestataire'
        ELSE 'facture_inconnue'
    END AS classe
FROM directe d
LEFT JOIN autre a ON a.cabinet = d.cabinet AND a.fichier = d.fichier AND a.rang = d.rang
LEFT JOIN prestataire p ON p.cabinet = d.cabinet AND p.prestataire = d.prestataire
LEFT JOIN (SELECT DISTINCT cabinet, beneficiaire FROM mandat) m
    ON m.cabinet = d.cabinet AND m.beneficiaire = d.prestataire
