"""What comes out: data files, the summary workbook, the report; each a function to bytes."""
