"""What speech therapists owe besides the care: computed from what they billed, shown until a person closes it.

Source: regles.md F.1 (report after an assessment, requests, notes on the evolution). The rules are data: genre
`obligation` of `schemas/ngap/regles`.
"""
