"""Layouts from their TOML documents, with the proofs that make the data trustworthy."""
