"""Returns of any number of files, read by columns into relations of Parquet, by payer and day."""
