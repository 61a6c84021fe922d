-- Two rows an invoice of the asked blocks, AMO and AMC: what is asked of the payer (0 when nothing is expected of it),
-- the signed sum it paid (saisi: what of it was entered by hand), how many answers it gave, the day of the last one (0:
-- none), the state they amount to, and the act that forces it (0: none; it holds until a further answer comes). Money
-- without a state is an answer too.
-- The last answer is that of the last day, then of the last file by its own day and id: the state depends on the set of
-- lines, never on their arrival. dernier is its state. What a correction asks again leaves a part forced as rejected.
-- Money taken back is summed, and is no last answer: what was rejected stays so when its payment is taken back after.
-- Only the parts answered more than once are put in order: most are answered once.
WITH retour AS (
    SELECT
        a.cabinet,
        a.prestataire,
        a.numero,
        p.partie,
        p.etat,
        CASE WHEN p.etat <> 'P' OR p.paye >= 0 THEN p.etat END AS reponse,
        p.paye,
        0 AS saisi,
        l.date_comptable AS jour,
        l.fichier_le,
        l.fichier_id,
        p.fichier,
        p.rang
    FROM bloc b
    JOIN appariement a ON a.cabinet = b.cabinet AND a.numero = b.numero
    JOIN ligne_retour l ON l.cabinet = a.cabinet AND l.fichier = a.fichier AND l.rang = a.rang
    JOIN part_retour p ON p.cabinet = a.cabinet AND p.fichier = a.fichier AND p.rang_ligne = a.rang
    WHERE b.hors_numero = ''
    UNION ALL
    SELECT
        s.cabinet,
        s.prestataire,
        s.numero,
        s.partie,
        s.etat,
        CASE WHEN s.etat <> 'P' OR s.montant >= 0 THEN s.etat END AS reponse,
        s.montant AS paye,
        s.montant AS saisi,
        s.jour,
        s.jour AS fichier_le,
        '' AS fichier_id,
        '' AS fichier,
        s.acte AS rang
    FROM bloc b
    JOIN paiement_saisi s ON s.cabinet = b.cabinet AND s.numero = b.numero
    WHERE b.hors_numero = ''
),
somme AS (
    SELECT
        r.cabinet,
        r.prestataire,
        r.numero,
        r.partie,
        CAST(SUM(r.paye) AS BIGINT) AS paye,
        CAST(SUM(r.saisi) AS BIGINT) AS saisi,
        CAST(SUM(CASE WHEN r.etat IS NOT NULL OR r.paye <> 0 THEN 1 ELSE 0 END) AS BIGINT) AS retours,
        MAX(CASE WHEN r.etat IS NOT NULL OR r.paye <> 0 THEN r.jour ELSE 0 END) AS derniere_le,
        COUNT(r.reponse) AS reponses,
        MAX(r.reponse) AS reponse
    FROM retour r
    GROUP BY r.cabinet, r.prestataire, r.numero, r.partie
),
classe AS (
    SELECT
        r.cabinet,
        r.prestataire,
        r.numero,
        r.partie,
        r.reponse,
        ROW_NUMBER() OVER (
            PARTITION BY r.cabinet, r.prestataire, r.numero, r.partie
            ORDER BY
                r.jour DESC NULLS LAST,
                r.fichier_le DESC NULLS LAST,
                r.fichier_id DESC NULLS LAST,
                r.fichier DESC,
                r.rang DESC
        ) AS place
    FROM retour r
    JOIN somme s
        ON s.cabinet = r.cabinet AND s.prestataire = r.prestataire AND s.numero = r.numero AND s.partie = r.partie
    WHERE r.reponse IS NOT NULL AND s.reponses > 1
),
attente AS (
    SELECT
        f.cabinet,
        f.prestataire,
        f.numero,
        'AMO' AS partie,
        f.attend_amo AS attend,
        f.attend_amo * f.demande_amo AS demande,
        f.remplacee_par
    FROM bloc b
    JOIN facture_suivie f ON f.cabinet = b.cabinet AND f.numero = b.numero
    WHERE b.hors_numero = ''
    UNION ALL
    SELECT
        f.cabinet,
        f.prestataire,
        f.numero,
        'AMC' AS partie,
        f.attend_amc AS attend,
        f.attend_amc * f.demande_amc AS demande,
        f.remplacee_par
    FROM bloc b
    JOIN facture_suivie f ON f.cabinet = b.cabinet AND f.numero = b.numero
    WHERE b.hors_numero = ''
),
force AS (
    SELECT
        e.cabinet,
        e.prestataire,
        e.numero,
        e.partie,
        e.etat,
        e.retours,
        e.acte
    FROM bloc b
    JOIN etat_force e ON e.cabinet = b.cabinet AND e.numero = b.numero
    WHERE b.hors_numero = ''
),
bilan AS (
    SELECT
        w.cabinet,
        w.prestataire,
        w.numero,
        w.partie,
        w.attend,
        w.demande,
        w.remplacee_par,
        COALESCE(s.paye, 0) AS paye,
        COALESCE(s.saisi, 0) AS saisi,
        COALESCE(s.retours, 0) AS retours,
        COALESCE(CASE WHEN s.reponses > 1 THEN d.reponse ELSE s.reponse END, '') AS dernier,
        COALESCE(s.derniere_le, 0) AS derniere_le,
        COALESCE(e.etat, '') AS force,
        COALESCE(e.acte, 0) AS acte
    FROM attente w
    LEFT JOIN somme s
        ON s.cabinet = w.cabinet AND s.prestataire = w.prestataire AND s.numero = w.numero AND s.partie = w.partie
    LEFT JOIN classe d
        ON d.cabinet = w.cabinet
        AND d.prestataire = w.prestataire
        AND d.numero = w.numero
        AND d.partie = w.partie
        AND d.place = 1
    LEFT JOIN force e
        ON e.cabinet = w.cabinet
        AND e.prestataire = w.prestataire
        AND e.numero = w.numero
        AND e.partie = w.partie
        AND e.retours = COALESCE(s.retours, 0)
)
SELECT
    g.cabinet,
    g.prestataire,
    g.numero,
    g.partie,
    g.demande,
    g.paye,
    g.saisi,
    g.retours,
    CASE
        WHEN g.acte > 0 AND (g.force <> 'rejetee' OR g.remplacee_par = 0) THEN g.force
        WHEN g.dernier = 'D' AND (g.paye = 0 OR g.paye < g.demande) THEN 'differee'
        WHEN g.remplacee_par > 0 AND (g.demande > g.paye OR (g.dernier = 'R' AND g.paye = 0)) THEN 'remplacee'
        WHEN g.attend = 1 AND g.retours = 0 THEN 'attendue'
        WHEN g.dernier = 'R' AND g.paye = 0 THEN 'rejetee'
        WHEN g.attend = 0 AND g.paye = 0 THEN 'sans_objet'
        WHEN g.paye < g.demande THEN 'payee_moins'
        WHEN g.paye > g.demande THEN 'payee_plus'
        ELSE 'payee'
    END AS etat,
    g.dernier,
    g.derniere_le,
    g.acte
FROM bilan g
