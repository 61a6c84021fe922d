"""Health networks: who is a member, and the services that they pay outside the invoices."""
