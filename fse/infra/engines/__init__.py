"""Engines that run the portable SQL of the matching, one module each, all with the same functions.

An engine is given a connection and knows neither the journal nor what the SQL means.
"""
