"""What holds for all tests: no verb starts LibreOffice unless a test asks for it."""

from __future__ import annotations

import os

from sheetflow.reports.pdf import OFFICE

os.environ[OFFICE] = ""
