"""Archives and mails: opened in memory, never extracted; every member an entry of its own."""
