-- One row an invoice that a return names: 102, or 100 in the older generation. Prestataire: the first identifier given
-- by 081, 040, 000; '' when it has no 9 characters. Number, lot, dates: 0 when absent or unreadable. hors_numero: ''
-- with a number, else the file: what has no number waits in a block of its file. paye: signed sum of its parts.
-- The day is that of the 071 or 070 above it, else that of the file.
WITH ligne AS (
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        l.rang_parent,
        CAST(COALESCE(l.numero_facture, 0) AS BIGINT) AS numero,
        l.numero_lot,
        l.date_lot,
        l.type_facture,
        l.octet
    FROM fichier_touche k
    JOIN noemie_102 l ON l.cabinet = k.cabinet AND l.fichier = k.fichier
    UNION ALL
    SELECT
        l.cabinet,
        l.fichier,
        l.rang,
        l.rang_parent,
        CAST(COALESCE(l.numero_facture, 0) AS BIGINT) AS numero,
        CAST(NULL AS BIGINT) AS numero_lot,
        CAST(NULL AS BIGINT) AS date_lot,
        CAST(NULL AS VARCHAR(1)) AS type_facture,
        l.octet
    FROM fichier_touche k
    JOIN noemie_100 l ON l.cabinet = k.cabinet AND l.fichier = k.fichier
),
somme AS (
    SELECT
        p.cabinet,
        p.fichier,
        p.rang_ligne,
        CAST(SUM(p.paye) AS BIGINT) AS paye
    FROM fichier_touche k
    JOIN part_retour p ON p.cabinet = k.cabinet AND p.fichier = k.fichier
    GROUP BY p.cabinet, p.fichier, p.rang_ligne
)
SELECT
    l.cabinet,
    l.fichier,
    l.rang,
    l.numero,
    CASE WHEN l.numero = 0 THEN l.fichier ELSE '' END AS hors_numero,
    COALESCE(i.prestataire, '') AS prestataire,
    COALESCE(l.numero_lot, o.numero_lot, 0) AS numero_lot,
    COALESCE(l.date_lot, o.date_lot, 0) AS date_lot,
    t.code_retour,
    l.type_facture,
    COALESCE(v.date_comptable, w.date_comptable, e.date_creation, 0) AS date_comptable,
    COALESCE(e.date_creation, 0) AS fichier_le,
    COALESCE(e.identifiant_fichier, '') AS fichier_id,
    COALESCE(v.rang, w.rang, 0) AS rang_virement,
    COALESCE(s.paye, 0) AS paye,
    l.octet
FROM ligne l
LEFT JOIN somme s ON s.cabinet = l.cabinet AND s.fichier = l.fichier AND s.rang_ligne = l.rang
LEFT JOIN noemie_081 t ON t.cabinet = l.cabinet AND t.fichier = l.fichier AND t.rang = l.rang_parent
LEFT JOIN noemie_080 o ON o.cabinet = l.cabinet AND o.fichier = l.fichier AND o.rang = l.rang_parent
LEFT JOIN noemie_071 v
    ON v.cabinet = l.cabinet AND v.fichier = l.fichier AND v.rang = COALESCE(t.rang_parent, o.rang_parent)
LEFT JOIN noemie_070 w
    ON w.cabinet = l.cabinet AND w.fichier = l.fichier AND w.rang = COALESCE(t.rang_parent, o.rang_parent)
LEFT JOIN noemie_040 d
    ON d.cabinet = l.cabinet AND d.fichier = l.fichier AND d.rang = COALESCE(v.rang_parent, w.rang_parent)
LEFT JOIN noemie_000 e ON e.cabinet = l.cabinet AND e.fichier = l.fichier
LEFT JOIN identifiant i
    ON i.cabinet = l.cabinet AND i.brut = COALESCE(t.lieu_execution, d.beneficiaire_reglement, e.numero_destinataire)
