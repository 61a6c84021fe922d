"""Pricing: what a session is worth by the NGAP at its date and territory, why, and what a payer would refuse in it.

A pure function: `moteur.price(seance, situation, historique, bareme)`. Facts go in, lines come out with the ordered
list of what made each of them. Nothing is read nor written; what was billed before is an argument (`historique`).
"""
