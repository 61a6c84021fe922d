"""Where a professional stands in the schemes that reward télétransmission and performance: pure, from facts given."""
