"""Facts about what passes between the practice and the outside: sendings, resends, acknowledgements, mail, papers."""
