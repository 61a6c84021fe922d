"""Identifiers of the norm: one module per number, each with its composition, its source and its examples.

A number is checked here, never looked up: whether it exists is for the payer to say. `problem` says in French what is
wrong with one (to follow "le numéro n'est pas bon :"), `None` when nothing is.
"""
