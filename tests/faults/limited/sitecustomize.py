"""Python runs this module first where its folder is on PYTHONPATH: jobs then write no file beyond LARGEST_FILE bytes.

What is beyond is refused, as on a full disk; with DIE_WRITING, the kernel kills the job amid the write.
"""

import os
import resource
import signal
import sys

if any(".snakemake/scripts/" in argument for argument in sys.orig_argv):  # a job, not Snakemake itself
    largest = int(os.environ["LARGEST_FILE"])
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    if os.environ.get("DIE_WRITING"):
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
