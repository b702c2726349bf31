from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from xray_studio.core.locks import FileLock

HOLD = """
import sys
from pathlib import Path
from xray_studio.core.locks import FileLock
assert FileLock(Path(sys.argv[1])).take() is (sys.argv[2] == "free")
"""


def taken_elsewhere(path: Path, expected: str) -> bool:
    """Tell whether another process finds the lock as expected."""
    call = [sys.executable, "-c", HOLD, str(path), expected]
    return subprocess.run(call, check=False, timeout=240).returncode == 0


def test_a_lock_is_held_by_one_and_given_back(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    one, other = FileLock(path), FileLock(path)
    assert one.take()
    assert not other.take()
    assert taken_elsewhere(path, "held")
    one.release()
    assert other.take()
    other.release()
    assert taken_elsewhere(path, "free")
