"""polars joins the return lines of an archive with its invoices: the plain join, without other policies nor residues.

Each line is joined with its transfer, the prestataire that it names, the invoice of that prestataire and number, and
classed: its lot too, its number alone, or nothing. Lazily, in parallel, over the same Parquet files as the others.
"""

import sys
from pathlib import Path

import polars as pl
from serving import serve

folder = Path(sys.argv[1])


def table(name, *columns):
    return pl.scan_parquet(folder / f"{name}.parquet").select(columns)


def work():
    line = table("noemie_102", "cabinet", "fichier", "rang", "rang_parent", "numero_facture", "numero_lot", "date_lot")
    place = table("noemie_081", "cabinet", "fichier", "rang", "lieu_execution")
    named = table("identifiant", "brut", "prestataire").unique()
    invoice = table("facture_emise", "cabinet", "prestataire", "numero", "numero_lot", "date_lot", "demande_amo")
    invoice = invoice.with_columns(connue=True)
    joined = (
        line.join(place, left_on=["cabinet", "fichier", "rang_parent"], right_on=["cabinet", "fichier", "rang"])
        .join(named, left_on="lieu_execution", right_on="brut", how="left")
        .join(
            invoice,
            left_on=["cabinet", "prestataire", "numero_facture"],
            right_on=["cabinet", "prestataire", "numero"],
            how="left",
            suffix="_facture",
        )
    )
    exact = (pl.col("numero_lot") == pl.col("numero_lot_facture")) & (pl.col("date_lot") == pl.col("date_lot_facture"))
    classe = pl.when(pl.col("connue").is_null()).then(0).when(exact).then(2).otherwise(1)
    return joined.with_columns(classe=classe).collect()


serve(work, lambda found: {"lines": len(found), "exact": int((found["classe"] == 2).sum())})
