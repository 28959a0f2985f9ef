"""Relations between lines: one text, and from it the check, the Excel formula and the words."""
