"""Floor 1: small pure pieces that everything else stands on. `resources` alone reads packaged files."""
