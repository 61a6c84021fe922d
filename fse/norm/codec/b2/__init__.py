"""B2, PS layout: invoices, lots and files, to bytes and back, with the seals of our open profile."""
