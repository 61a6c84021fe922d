"""The general provisions of the NGAP and what professions have of their own: ranking, travel, agreements, series."""
