"""From submissions and decisions to the ledger: which return stands, and what is open."""
