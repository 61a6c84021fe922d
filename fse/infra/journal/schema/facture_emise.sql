-- What the matching knows of an invoice that was secured: what is asked and expected, the lot where it is live (0
-- when it waits), the first day a file took its lot away, or else that of its paper duplicate (0 before), the live
-- invoice that corrects it in the end (0: none), the first of its chain of corrections (0: it is in none), whether the
-- lot where it is live has left (a refused lot gives its invoices back), and what was acknowledged: papier (a duplicate
-- replaces it), positif (of any lot that ever held it), negatif, attendu, or '' (nothing to wait for).
-- An invoice is live in one lot at most; what the previous software sent has its own lot and day.
-- One table under FROM, the rest looked up: a planner can then join this relation by its key.
SELECT
    f.cabinet,
    f.prestataire,
    f.numero,
    f.mode,
    f.attend_amo,
    f.attend_amc,
    f.demande_amo,
    f.demande_amc,
    f.date_facture,
    f.securisee_le,
    COALESCE((
        SELECT MAX(v.numero_lot)
        FROM lot_facture_vivante AS v
        WHERE v.cabinet = f.cabinet
          AND v.prestataire = f.prestataire
          AND v.numero = f.numero
    ), (
        SELECT MAX(r.numero_lot)
        FROM facture_reprise AS r
        WHERE r.cabinet = f.cabinet
          AND r.prestataire = f.prestataire
          AND r.numero = f.numero
    ), 0) AS numero_lot,
    COALESCE((
        SELECT MAX(v.date_lot)
        FROM lot_facture_vivante AS v
        WHERE v.cabinet = f.cabinet
          AND v.prestataire = f.prestataire
          AND v.numero = f.numero
    ), (
        SELECT MAX(r.date_lot)
        FROM facture_reprise AS r
        WHERE r.cabinet = f.cabinet
          AND r.prestataire = f.prestataire
          AND r.numero = f.numero
    ), 0) AS date_lot,
    COALESCE((
        SELECT MIN(e.parti_le)
        FROM lot_facture AS v
        INNER JOIN fichier_lot AS fl
            ON fl.cabinet = v.cabinet
            AND fl.prestataire = v.prestataire
            AND fl.numero_lot = v.numero_lot
            AND fl.date_lot = v.date_lot
        INNER JOIN fichier_parti AS e
            ON e.cabinet = fl.cabinet
            AND e.emetteur = fl.emetteur
            AND e.identifiant = fl.identifiant
        WHERE v.cabinet = f.cabinet
          AND v.prestataire = f.prestataire
          AND v.numero = f.numero
    ), (
        SELECT MAX(r.envoyee_le)
        FROM facture_reprise AS r
        WHERE r.cabinet = f.cabinet
          AND r.prestataire = f.prestataire
          AND r.numero = f.numero
    ), (
        SELECT MIN(d.edite_le)
        FROM duplicata AS d
        WHERE d.cabinet = f.cabinet
          AND d.prestataire = f.prestataire
          AND d.numero = f.numero
    ), 0) AS emise_le,
    COALESCE((
        SELECT MAX(1)
        FROM annulation AS a
        WHERE a.cabinet = f.cabinet
          AND a.prestataire = f.prestataire
          AND a.numero = f.numero
    ), 0) AS annulee,
    f.organisme,
    f.remplacant,
    COALESCE((
        SELECT MAX(s.numero)
        FROM facture AS s
        WHERE s.cabinet = f.cabinet
          AND s.prestataire = f.prestataire
          AND s.racine = f.racine
          AND s.rang_chaine > f.rang_chaine
          AND NOT EXISTS (
            SELECT 1
            FROM annulation AS n
            WHERE n.cabinet = s.cabinet
              AND n.prestataire = s.prestataire
              AND n.numero = s.numero
        )
    ), 0) AS remplacee_par,
    COALESCE((
        SELECT MAX(s.racine)
        FROM facture AS s
        WHERE s.cabinet = f.cabinet
          AND s.prestataire = f.prestataire
          AND s.racine = f.racine
          AND s.numero <> f.numero
    ), 0) AS racine,
    CASE
        WHEN f.mode IN ('papier', 's3404', 'reprise') THEN 1
        ELSE COALESCE((
            SELECT MAX(1)
            FROM lot_facture_vivante AS v
            INNER JOIN fichier_lot AS fl
                ON fl.cabinet = v.cabinet
                AND fl.prestataire = v.prestataire
                AND fl.numero_lot = v.numero_lot
                AND fl.date_lot = v.date_lot
            INNER JOIN fichier_parti AS e
                ON e.cabinet = fl.cabinet
                AND e.emetteur = fl.emetteur
                AND e.identifiant = fl.identifiant
            WHERE v.cabinet = f.cabinet
              AND v.prestataire = f.prestataire
              AND v.numero = f.numero
              AND e.parti_le IS NOT NULL
        ), 0)
    END AS en_route,
    COALESCE((
        SELECT MAX('papier')
        FROM duplicata AS d
        WHERE d.cabinet = f.cabinet
          AND d.prestataire = f.prestataire
          AND d.numero = f.numero
    ), (
        SELECT MAX('positif')
        FROM lot_facture AS v
        INNER JOIN accuse AS a
            ON a.cabinet = v.cabinet
            AND a.prestataire = v.prestataire
            AND a.numero_lot = v.numero_lot
            AND a.date_lot = v.date_lot
        WHERE v.cabinet = f.cabinet
          AND v.prestataire = f.prestataire
          AND v.numero = f.numero
          AND a.sens = 'P'
    ), (
        SELECT MAX('negatif')
        FROM lot_facture_vivante AS v
        INNER JOIN accuse AS a
            ON a.cabinet = v.cabinet
            AND a.prestataire = v.prestataire
            AND a.numero_lot = v.numero_lot
            AND a.date_lot = v.date_lot
        WHERE v.cabinet = f.cabinet
          AND v.prestataire = f.prestataire
          AND v.numero = f.numero
    ), (
        SELECT MAX('attendu')
        FROM lot_facture_vivante AS v
        INNER JOIN fichier_lot AS fl
            ON fl.cabinet = v.cabinet
            AND fl.prestataire = v.prestataire
            AND fl.numero_lot = v.numero_lot
            AND fl.date_lot = v.date_lot
        INNER JOIN fichier_emis AS e
            ON e.cabinet = fl.cabinet
            AND e.emetteur = fl.emetteur
            AND e.identifiant = fl.identifiant
        WHERE v.cabinet = f.cabinet
          AND v.prestataire = f.prestataire
          AND v.numero = f.numero
          AND e.canal <> ''
          AND f.mode <> 'D'
    ), '') AS accuse
FROM facture AS f
