"""What the journal is made of: tables of facts, of received entities, of derived states; views over them."""
