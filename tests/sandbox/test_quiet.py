"""Libraries that readers use write nothing about this machine and tell nobody of it."""

import os
import subprocess
import sys
from pathlib import Path

from rollcall.sandbox.readers import QUIET

LOADED = """
import socket
import numpy

def refused(*arguments, **more):
    raise SystemExit("a socket was asked for")

socket.socket = refused
from rollcall.items.ocr.models import finder

finder()(numpy.zeros((1, 3, 64, 64), numpy.float32))
"""


def test_networks_are_loaded_and_nothing_is_written(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path), **QUIET}
    done = subprocess.run([sys.executable, "-c", LOADED], env=environment, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.rglob("*")) == []
