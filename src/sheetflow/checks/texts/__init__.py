"""What an agency's text says in figures, held against its tables and against itself."""
