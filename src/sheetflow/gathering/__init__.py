"""From a folder to return files to submissions: every file gets a verdict, every value a place."""
