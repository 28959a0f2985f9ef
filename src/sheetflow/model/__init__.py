"""The words of sheetflow as frozen values; nothing here does input or output."""
