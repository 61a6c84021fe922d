-- For each return line without an invoice, the invoices that it may well be about: same insured (by fingerprint) or same
-- lot, and still something due. A suggestion is never booked; the practice attaches the line, or does not.
WITH piste AS (
    SELECT
        r.cabinet,
        r.fichier,
        r.rang,
        f.prestataire,
        f.numero,
        1 AS meme_assure
    FROM perimetre q
    JOIN residu r ON r.cabinet = q.cabinet
    JOIN assure_retour a ON a.cabinet = r.cabinet AND a.fichier = r.fichier AND a.rang_ligne = r.rang
    JOIN assure_facture f ON f.cabinet = a.cabinet AND f.nir_empreinte = a.nir_empreinte
    UNION ALL
    SELECT
        r.cabinet,
        r.fichier,
        r.rang,
        f.prestataire,
        f.numero,
        0 AS meme_assure
    FROM perimetre q
    JOIN residu r ON r.cabinet = q.cabinet
    JOIN ligne_retour l ON l.cabinet = r.cabinet AND l.fichier = r.fichier AND l.rang = r.rang
    JOIN facture_suivie f
        ON f.cabinet = l.cabinet AND f.numero_lot = l.numero_lot AND f.date_lot = l.date_lot
    WHERE l.numero_lot > 0 AND l.date_lot > 0
),
retenue AS (
    SELECT
        p.cabinet,
        p.fichier,
        p.rang,
        p.prestataire,
        p.numero,
        MAX(p.meme_assure) AS meme_assure
    FROM piste p
    GROUP BY p.cabinet, p.fichier, p.rang, p.prestataire, p.numero
)
SELECT
    t.cabinet,
    t.fichier,
    t.rang,
    t.prestataire,
    t.numero,
    t.meme_assure,
    CASE WHEN l.numero_lot > 0 AND l.numero_lot = f.numero_lot AND l.date_lot = f.date_lot THEN 1 ELSE 0 END AS meme_lot,
    CASE
        WHEN EXISTS (
            SELECT 1
            FROM part_retour p
            JOIN etat_part e
                ON e.cabinet = p.cabinet AND e.partie = p.partie
            WHERE
                p.cabinet = t.cabinet
                AND p.fichier = t.fichier
                AND p.rang_ligne = t.rang
                AND e.prestataire = t.prestataire
                AND e.numero = t.numero
                AND e.demande > 0
                AND e.demande = COALESCE(p.demande, p.paye)
        ) THEN 1
        ELSE 0
    END AS meme_montant
FROM retenue t
JOIN ligne_retour l ON l.cabinet = t.cabinet AND l.fichier = t.fichier AND l.rang = t.rang
JOIN facture_suivie f ON f.cabinet = t.cabinet AND f.prestataire = t.prestataire AND f.numero = t.numero
JOIN etat_facture s ON s.cabinet = t.cabinet AND s.prestataire = t.prestataire AND s.numero = t.numero
WHERE s.etat IN ('en_cours', 'a_traiter')
ORDER BY t.cabinet, t.fichier, t.rang, t.prestataire, t.numero
