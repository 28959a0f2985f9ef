"""The only package that knows xlsx: templates out, returns and rosters in, the summary out."""
