"""From submissions and decisions to the ledger: which return stands, what was decided, what is open."""
