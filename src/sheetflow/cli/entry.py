"""The entry point: whatever happens, the user gets a sentence and an exit code, not a traceback."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sheetflow.errors import (
    CampaignBusyError,
    DecisionRefusedError,
    DiskFullError,
    FaultyDefinitionError,
    FolderNotEmptyError,
    NoCampaignError,
    NoClusterError,
    NoReturnsError,
    NotAddedUpError,
    OutputsMixedError,
    SheetflowError,
    TargetInUseError,
    UnknownCellError,
    UnknownCodeError,
    UnknownExampleError,
    UnknownFormError,
    UnknownGroupError,
    WriteFailedError,
)
from sheetflow.messages.interface import say

if TYPE_CHECKING:
    from collections.abc import Callable

OPEN_ERRORS, WRONG_USAGE, COULD_NOT_RUN = 1, 2, 3
_EXIT_CODES = range(COULD_NOT_RUN + 1)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a GBK console lacks some characters
    from sheetflow.cli.app import app

    sys.exit(run(lambda: app(standalone_mode=False)))


def run(command: Callable[[], object]) -> int:
    """Run a command and give its exit code; every error becomes a sentence on standard error."""
    try:
        result = command()
    except FaultyDefinitionError as error:
        from sheetflow.cli.shown import show_faults
        from sheetflow.model.findings import Finding

        with contextlib.redirect_stdout(sys.stderr):  # what --json promises stays on its own
            phrase = "decision_refused" if isinstance(error, DecisionRefusedError) else "faulty"
            show_faults((f for f in error.findings if isinstance(f, Finding)), phrase)
        return OPEN_ERRORS
    except SheetflowError as error:
        _tell(error, say(_MESSAGES[type(error)], detail=str(error)))
        return _CODES.get(type(error), COULD_NOT_RUN)
    except Exception as error:  # noqa: BLE001
        return _unexpected(error)
    code = result if isinstance(result, int) else 0
    return code if code in _EXIT_CODES else COULD_NOT_RUN  # 130, say, after Ctrl+C


def _unexpected(error: Exception) -> int:
    if type(error).__module__.startswith(("typer", "click")):
        return _wrong_usage(error)
    if isinstance(error, PermissionError) and error.filename:
        _tell(error, say("no_access", detail=str(error.filename)))
        return COULD_NOT_RUN
    if isinstance(error, OSError):
        _tell(error, say("io_failed", detail=str(error)))
        return COULD_NOT_RUN
    import tempfile  # what follows is rare, and `--help` stays quick
    import traceback

    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="sheetflow-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            traceback.print_exception(error, file=log)
    except OSError:  # a full disk, say
        _tell(error, say("unexpected_unlogged", detail=repr(error)))
    else:
        _tell(error, say("unexpected", detail=str(Path(log.name))))
    return COULD_NOT_RUN


def _tell(error: Exception, sentence: str) -> None:
    """Say what happened, then what those whom the error passed have added to it."""
    print(sentence, *getattr(error, "__notes__", ()), sep="\n", file=sys.stderr)


def _wrong_usage(error: Any) -> int:  # noqa: ANN401 - click's class, which is not ours to import
    """Say what the parser of the command line found wrong; a bare command gets its help."""
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
    else:
        from sheetflow.cli.usage import complaint

        print(say("wrong_usage", detail=complaint(error)), file=sys.stderr)
    return int(getattr(error, "exit_code", COULD_NOT_RUN))


_MESSAGES: dict[type[SheetflowError], str] = {
    NoCampaignError: "no_campaign",
    NoReturnsError: "no_returns",
    FolderNotEmptyError: "folder_not_empty",
    UnknownFormError: "unknown_form",
    UnknownCellError: "unknown_cell",
    NotAddedUpError: "not_added_up",
    UnknownGroupError: "unknown_group",
    UnknownCodeError: "unknown_code",
    UnknownExampleError: "unknown_example",
    NoClusterError: "no_cluster",
    TargetInUseError: "target_in_use",
    CampaignBusyError: "campaign_busy",
    DiskFullError: "disk_full",
    WriteFailedError: "write_failed",
    OutputsMixedError: "outputs_mixed",
}
_CODES: dict[type[SheetflowError], int] = {
    NoCampaignError: WRONG_USAGE,
    FolderNotEmptyError: WRONG_USAGE,
    UnknownFormError: WRONG_USAGE,
    UnknownCellError: WRONG_USAGE,
    NotAddedUpError: WRONG_USAGE,
    UnknownGroupError: WRONG_USAGE,
    UnknownCodeError: WRONG_USAGE,
    UnknownExampleError: WRONG_USAGE,
    TargetInUseError: COULD_NOT_RUN,
}
