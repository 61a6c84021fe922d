"""The bank: statements received, which transfers they prove, what neither side explains, what a person settles."""
