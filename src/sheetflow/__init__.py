"""sheetflow: collect, check, merge and report official forms, every figure traced to its cell."""

__version__ = "0.1.0"
