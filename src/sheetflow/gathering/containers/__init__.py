"""Archives and mails: opened in memory, never extracted; every member a file of its own."""
