"""`python -m sheetflow` is the same as `sheetflow`."""

from sheetflow.cli.entry import main

if __name__ == "__main__":
    main()
