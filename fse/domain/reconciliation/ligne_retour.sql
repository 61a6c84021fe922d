-- One row a 102 (an invoice named by a return). Prestataire: the first identifier given by 081, 040, 000; '' when it
-- has no 9 characters. Number, lot, dates: 0 when absent or unreadable. paye: signed sum of its parts 198 and 199.
-- The day is that of the 071 above it, else that of the file.
SELECT
    l.cabinet,
    l.fichier,
    l.rang,
    COALESCE(i.prestataire, '') AS prestataire,
    CAST(COALESCE(l.numero_facture, 0) AS BIGINT) AS numero,
    COALESCE(l.numero_lot, 0) AS numero_lot,
    COALESCE(l.date_lot, 0) AS date_lot,
    t.code_retour,
    l.type_facture,
    COALESCE(v.date_comptable, e.date_creation, 0) AS date_comptable,
    COALESCE(v.rang, 0) AS rang_virement,
    COALESCE(
        (
            SELECT CAST(SUM(o.montant_rembourse) AS BIGINT)
            FROM noemie_198 o
            WHERE o.cabinet = l.cabinet AND o.fichier = l.fichier AND o.rang_parent = l.rang
        ),
        0
    ) + COALESCE(
        (
            SELECT CAST(SUM(c.montant_rembourse) AS BIGINT)
            FROM noemie_199 c
            WHERE c.cabinet = l.cabinet AND c.fichier = l.fichier AND c.rang_parent = l.rang
        ),
        0
    ) AS paye,
    l.octet
FROM noemie_102 l
LEFT JOIN noemie_081 t ON t.cabinet = l.cabinet AND t.fichier = l.fichier AND t.rang = l.rang_parent
LEFT JOIN noemie_071 v ON v.cabinet = t.cabinet AND v.fichier = t.fichier AND v.rang = t.rang_parent
LEFT JOIN noemie_040 d ON d.cabinet = v.cabinet AND d.fichier = v.fichier AND d.rang = v.rang_parent
LEFT JOIN noemie_000 e ON e.cabinet = l.cabinet AND e.fichier = l.fichier
LEFT JOIN identifiant i ON i.brut = COALESCE(t.lieu_execution, d.beneficiaire_reglement, e.numero_destinataire)
