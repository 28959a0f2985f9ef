"""Where each cell lies: one grid for the writer, the reader and every printed table."""
