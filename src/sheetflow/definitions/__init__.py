"""TOML and rows become the model; a faulty definition is findings, all at once, never an error."""
