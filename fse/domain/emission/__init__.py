"""Emission: which waiting invoices go in which lot, and under which number. Bytes are made by `fse.norm.codec.b2`."""
