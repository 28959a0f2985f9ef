"""What holds for all tests: no LibreOffice unless a test asks for it, and no test is timed."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from sheetflow.reports.pdf import OFFICE

os.environ[OFFICE] = ""
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
