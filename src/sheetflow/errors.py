"""What stops the program, one class a cause; what is wrong in data is a Finding instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class SheetflowError(Exception):
    """Base of all errors that the command line turns into a sentence instead of a traceback."""


class NoCampaignError(SheetflowError):
    """The folder holds no campaign (no sheetflow.toml)."""


class NoReturnsError(SheetflowError):
    """The campaign has no folder of returns: it was renamed, deleted, or is a file or a link."""


class FolderNotEmptyError(SheetflowError):
    """`init` or `demo` was pointed at a folder that already holds something."""


class UnknownNameError(SheetflowError):
    """Something was asked for by a name that does not exist; of which kind says the class below."""


class UnknownFormError(UnknownNameError):
    """No shipped form has this code."""


class UnknownCellError(UnknownNameError):
    """The form has no such cell."""


class NotAddedUpError(UnknownNameError):
    """The cell is a text, or of a table that is kept apart: it has no total."""


class UnknownGroupError(UnknownNameError):
    """The roster has no such group."""


class UnknownCodeError(UnknownNameError):
    """No finding bears this code."""


class UnknownExampleError(UnknownNameError):
    """No shipped example has this name."""


class FaultyDefinitionError(SheetflowError):
    """The campaign's own definitions have faults, so nothing can be computed."""

    def __init__(self, findings: Sequence[Any]) -> None:
        super().__init__(f"{len(findings)} faults")
        self.findings = findings
        """The faults, as model.findings.Finding; this layer knows no model."""


class DecisionRefusedError(FaultyDefinitionError):
    """A decision was not written: it is wrong, contradicts another, or would have no effect."""


class NoClusterError(SheetflowError):
    """The Dask cluster that was named can't be reached, or the extra that reaches it is missing."""


class TargetInUseError(SheetflowError):
    """An output file can't be replaced because another program holds it open."""


class CampaignBusyError(SheetflowError):
    """Another run kept a campaign folder locked for longer than one waits."""


class DiskFullError(SheetflowError):
    """The disk had no room for a file; nothing was replaced."""


class WriteFailedError(SheetflowError):
    """A file could not be written for another reason than a full disk; nothing was replaced."""


class OutputsMixedError(SheetflowError):
    """A file could not be replaced after others had been: they are not of one run."""
