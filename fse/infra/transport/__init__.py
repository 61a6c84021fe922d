"""How messages leave and come: SMTP, POP3 over TLS, a folder shared with an OCT; and the mail profile that is ours.

A room of floor 4: it moves bytes, and knows neither lot nor journal.
"""
