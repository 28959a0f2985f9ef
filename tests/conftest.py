"""What holds for all tests: no LibreOffice unless a test asks for it, and no test is timed."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from sheetflow.reports.pdf import OFFICE

os.environ[OFFICE] = ""
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@pytest.fixture
def _files_are_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the times of files at once; a test has no seconds to wait."""
    monkeypatch.setattr("sheetflow.campaign.file_states._SETTLED", 0)
