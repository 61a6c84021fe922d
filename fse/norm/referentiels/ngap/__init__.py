"""The acts of the NGAP and the rules that price them, as data (`schemas/ngap`): each asked at a date.

An act, and a rule, hold from a day to a day. Whatever is to be verified needs a profile that names it (`profils`).
"""
