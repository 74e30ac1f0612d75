"""What else to say where Snakemake ends without running a job: of an unknown target, and with nothing to do."""

import logging
import re
from collections.abc import Callable

from snakemake.common import NOTHING_TO_BE_DONE_MSG
from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

from mythical_digit.study.config_schema import choices

UNKNOWN = re.compile(r"No rule to produce (\S+)")


class Hints(logging.Handler):
    """Follows Snakemake's log from the start, since its own handlers are not called where nothing runs.

    `targets` returns the names of all targets, `words` what to say with nothing to do.
    """

    def __init__(self, targets: Callable[[], list[str]], words: Callable[[], str]):
        super().__init__()
        self.targets, self.words = targets, words

    def emit(self, record: logging.LogRecord) -> None:
        """Add a hint to a message, if there is one. No error here ends the run but one that is meant for the user."""
        try:
            text = record.getMessage()
            if text.startswith(NOTHING_TO_BE_DONE_MSG):
                if said := self.words():
                    logger.info(f"\n{said}\n")
            elif record.levelno >= logging.ERROR and (found := UNKNOWN.search(text)):
                logger.error(f"There is no target {found[1]!r}{choices(found[1], self.targets())}")
        except WorkflowError as error:
            logger.error(str(error))
            raise SystemExit(1) from error  # the error itself would be shown with all that led from the log to it
        except Exception:
            self.handleError(record)
