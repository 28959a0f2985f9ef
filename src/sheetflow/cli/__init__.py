"""The command line: one verb, one library call, one renderer, one exit code."""
