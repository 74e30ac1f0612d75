"""Runs Snakemake again and again without its second of imports: a process that has imported it forks for each run."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path


@cache
def server() -> subprocess.Popen:
    """The process, one for each that runs tests; it ends when its input does."""
    return subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )


def snakemake(folder: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess:
    """Run Snakemake in a folder and return what came of it, stdout and stderr together in `stdout`."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8") as output:
        request = {
            "folder": str(folder),
            "arguments": arguments,
            "output": output.name,
            "environment": dict(os.environ),
        }
        print(json.dumps(request), file=server().stdin, flush=True)
        status = int(server().stdout.readline())
        return subprocess.CompletedProcess(arguments, status, output.read())


def serve() -> None:
    """Run what the lines of stdin ask for, one after the other; answer each with the exit status."""
    from snakemake import cli

    cli.get_argument_parser()  # imports the plugins
    for line in sys.stdin:
        child = os.fork()
        if not child:
            run(**json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def run(folder: str, arguments: Sequence[str], output: str, environment: dict[str, str]) -> None:
    """Become a run of Snakemake, as `python -m snakemake` starts it, and end with it."""
    from snakemake import cli

    os.chdir(folder)
    for stream in (1, 2):
        os.dup2(os.open(output, os.O_WRONLY | os.O_APPEND), stream)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[0], sys.argv = folder, ["snakemake", *arguments]
    try:
        cli.main(arguments)
        status = 0
    except SystemExit as end:
        status = end.code or 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    serve()
