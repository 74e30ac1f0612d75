"""The frame around the body of every script: its log, and the message of a job that fails."""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mythical_digit.errors import UserError

ERROR = "Error: "  # begins the last words of a job that failed: a log without it is of a job that was killed


class Log(logging.FileHandler):
    """The log file. Lines that cannot be written to it, as on a full disk, go to stderr."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        print(self.format(record), file=sys.stderr)

    def close(self) -> None:
        with suppress(OSError):  # those lines are on stderr already
            super().close()


@contextmanager
def logged(log_path: str) -> Iterator[logging.Logger]:
    """Yield a logger that writes to the job's log file. A failure is logged there and ends the job with status 1.

    A user's mistake is logged as its message alone, anything else with its traceback. Nothing goes to the terminal,
    where parallel jobs would mix: Snakemake shows the log of a failed job.
    """
    Path(log_path).parent.mkdir(parents=True, exist_ok=True)
    handler = Log(log_path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("mythical-digit")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield logger
    except UserError as error:
        logger.error("%s%s", ERROR, error)
        sys.exit(1)
    except Exception:
        logger.error("%s%s", ERROR, traceback.format_exc().rstrip())
        sys.exit(1)
    finally:
        logger.removeHandler(handler)
        handler.close()
