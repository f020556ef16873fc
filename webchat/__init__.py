"""The front door: sockets, pages, command line, wiring. The only async room."""

import os

# Numeric libraries read these when they are first imported, and start a thread per core for work that takes
# microseconds: one thread each is faster on a busy gateway, and more cores are used by more processes.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
