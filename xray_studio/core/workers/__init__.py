"""Worker processes for work that may crash, hang or eat memory: headers, decoding, stills.

A worker is this program started again with `--worker`. Requests and answers travel over its pipes
as pickle protocol 5 with out-of-band buffers, so pixels are copied once and no shared memory can
leak. Each request has a time limit, counted from when the worker has loaded the code; a worker that
crashes, hangs or asks for too much memory is replaced and the request ends in an error with a
reason. Unlike `multiprocessing` this needs no guard in the user's script and works the same in a
frozen program.
"""

from xray_studio.core.workers.calls import done, run_apart, shared, shutdown_shared
from xray_studio.core.workers.pool import TIME_LIMIT, Priority, WorkerLostError, WorkerPool

__all__ = [
    "TIME_LIMIT",
    "Priority",
    "WorkerLostError",
    "WorkerPool",
    "done",
    "run_apart",
    "shared",
    "shutdown_shared",
]
