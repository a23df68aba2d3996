"""A lock on an open file, which the system takes back when the process ends, however it ends."""

from __future__ import annotations

import errno
import os
import sys

_FAR_AWAY = 2**30
"""Where the byte is that is locked on Windows, which also keeps others from reading it."""

_TAKEN = (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)


def locked(file: int) -> bool:
    """Lock a file until it is closed; False where it is locked already.

    A file system that knows no locks, as some networks do, is taken at its word: nobody
    else is kept out then.
    """
    try:
        _lock(file)
    except OSError as error:
        return error.errno not in _TAKEN
    return True


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        place = os.lseek(file, 0, os.SEEK_CUR)
        os.lseek(file, _FAR_AWAY, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(file, place, os.SEEK_SET)

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
