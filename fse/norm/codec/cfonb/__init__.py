"""CFONB 120: statements of a bank account, one record of 120 characters after another."""
