-- Two rows an invoice of the asked blocks, AMO and AMC: what is asked of the payer (0 when nothing is expected of it),
-- the signed sum it paid (saisi: what of it was entered by hand), how many answers it gave, the day of the last one (0:
-- none), the state they amount to, and the act that forces it (0: none; it holds until a further answer comes). Money
-- without a state is an answer too.
-- The last answer is that of the last day, then of the last file by its own day and id: the state depends on the set of
-- lines, never on their arrival. dernier is its state. What a correction asks again leaves a part forced as rejected.
-- Money taken back is summed, and is no last answer: what was rejected stays so when its payment is taken back after.
-- Both parts of an invoice are summed in one row, which becomes two at the end; only answers that disagree are put in
-- order.
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
        NULL AS fichier_id,
        NULL AS fichier,
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
        CAST(SUM(CASE WHEN r.partie = 'AMO' THEN r.paye ELSE 0 END) AS BIGINT) AS paye_amo,
        CAST(SUM(CASE WHEN r.partie = 'AMO' THEN r.saisi ELSE 0 END) AS BIGINT) AS saisi_amo,
        COUNT(CASE WHEN r.partie = 'AMO' AND (r.etat IS NOT NULL OR r.paye <> 0) THEN r.rang END) AS retours_amo,
        MAX(
            CASE WHEN r.partie = 'AMO' AND (r.etat IS NOT NULL OR r.paye <> 0) THEN r.jour ELSE 0 END
        ) AS derniere_amo,
        MIN(CASE WHEN r.partie = 'AMO' THEN r.reponse END) AS reponse_amo,
        MAX(CASE WHEN r.partie = 'AMO' THEN r.reponse END) AS autre_amo,
        CAST(SUM(CASE WHEN r.partie = 'AMC' THEN r.paye ELSE 0 END) AS BIGINT) AS paye_amc,
        CAST(SUM(CASE WHEN r.partie = 'AMC' THEN r.saisi ELSE 0 END) AS BIGINT) AS saisi_amc,
        COUNT(CASE WHEN r.partie = 'AMC' AND (r.etat IS NOT NULL OR r.paye <> 0) THEN r.rang END) AS retours_amc,
        MAX(
            CASE WHEN r.partie = 'AMC' AND (r.etat IS NOT NULL OR r.paye <> 0) THEN r.jour ELSE 0 END
        ) AS derniere_amc,
        MIN(CASE WHEN r.partie = 'AMC' THEN r.reponse END) AS reponse_amc,
        MAX(CASE WHEN r.partie = 'AMC' THEN r.reponse END) AS autre_amc
    FROM retour r
    GROUP BY r.cabinet, r.prestataire, r.numero
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
                r.fichier DESC NULLS LAST,
                r.rang DESC
        ) AS place
    FROM retour r
    JOIN somme s ON s.cabinet = r.cabinet AND s.prestataire = r.prestataire AND s.numero = r.numero
    WHERE
        r.reponse IS NOT NULL
        AND (
            (r.partie = 'AMO' AND s.reponse_amo <> s.autre_amo)
            OR (r.partie = 'AMC' AND s.reponse_amc <> s.autre_amc)
        )
),
derniere AS (
    SELECT
        c.cabinet,
        c.prestataire,
        c.numero,
        MAX(CASE WHEN c.partie = 'AMO' THEN c.reponse END) AS reponse_amo,
        MAX(CASE WHEN c.partie = 'AMC' THEN c.reponse END) AS reponse_amc
    FROM classe c
    WHERE c.place = 1
    GROUP BY c.cabinet, c.prestataire, c.numero
),
facture AS (
    SELECT
        f.cabinet,
        f.prestataire,
        f.numero,
        f.remplacee_par,
        f.attend_amo,
        f.demande_amo,
        s.paye_amo,
        s.saisi_amo,
        s.retours_amo,
        s.derniere_amo,
        COALESCE(d.reponse_amo, s.reponse_amo) AS reponse_amo,
        f.attend_amc,
        f.demande_amc,
        s.paye_amc,
        s.saisi_amc,
        s.retours_amc,
        s.derniere_amc,
        COALESCE(d.reponse_amc, s.reponse_amc) AS reponse_amc
    FROM bloc b
    JOIN facture_suivie f ON f.cabinet = b.cabinet AND f.numero = b.numero
    LEFT JOIN somme s ON s.cabinet = f.cabinet AND s.prestataire = f.prestataire AND s.numero = f.numero
    LEFT JOIN derniere d ON d.cabinet = f.cabinet AND d.prestataire = f.prestataire AND d.numero = f.numero
    WHERE b.hors_numero = ''
),
part AS (
    SELECT 'AMO' AS partie
    UNION ALL
    SELECT 'AMC' AS partie
),
suivie AS (
    SELECT
        f.cabinet,
        f.prestataire,
        f.numero,
        p.partie,
        f.remplacee_par,
        CASE WHEN p.partie = 'AMO' THEN f.attend_amo ELSE f.attend_amc END AS attend,
        CASE WHEN p.partie = 'AMO' THEN f.attend_amo * f.demande_amo ELSE f.attend_amc * f.demande_amc END AS demande,
        COALESCE(CASE WHEN p.partie = 'AMO' THEN f.paye_amo ELSE f.paye_amc END, 0) AS paye,
        COALESCE(CASE WHEN p.partie = 'AMO' THEN f.saisi_amo ELSE f.saisi_amc END, 0) AS saisi,
        COALESCE(CASE WHEN p.partie = 'AMO' THEN f.retours_amo ELSE f.retours_amc END, 0) AS retours,
        COALESCE(CASE WHEN p.partie = 'AMO' THEN f.reponse_amo ELSE f.reponse_amc END, '') AS dernier,
        COALESCE(CASE WHEN p.partie = 'AMO' THEN f.derniere_amo ELSE f.derniere_amc END, 0) AS derniere_le
    FROM facture f
    CROSS JOIN part p
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
        w.paye,
        w.saisi,
        w.retours,
        w.dernier,
        w.derniere_le,
        COALESCE(e.etat, '') AS force,
        COALESCE(e.acte, 0) AS acte
    FROM suivie w
    LEFT JOIN force e
        ON e.cabinet = w.cabinet
        AND e.prestataire = w.prestataire
        AND e.numero = w.numero
        AND e.partie = w.partie
        AND e.retours = w.retours
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
