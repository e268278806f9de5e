"""The networks that find and read lines of text: those of PP-OCR, as the package rapidocr brings them (Apache-2.0).

Only the package's files are used, none of its code: it would ask the network for what it misses and keeps a log. Each
is loaded once in a process. One thread: a machine is filled by workers, and a confined reader may start no thread.
"""

import functools
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Network:
    """One network, given one array and giving one back."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        onnxruntime.disable_telemetry_events()  # it would tell its makers of every start
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # pages differ in size; an arena keeps the sum of all
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def __call__(self, array: "NDArray[np.float32]") -> "NDArray[np.float32]":
        """Return what the network says of an array (batch, 3, height, width)."""
        answer: NDArray[np.float32] = self._session.run(None, {self._input: array})[0]
        return answer

    def about(self, key: str) -> str:
        """Return what the file says of itself under a key."""
        told: dict[str, str] = self._session.get_modelmeta().custom_metadata_map
        return told[key]


@functools.cache
def finder() -> Network:
    """Return the network that marks where lines of text are."""
    return Network(_file("det"))


@functools.cache
def turner() -> Network:
    """Return the network that says whether a line stands on its head."""
    return Network(_file("cls"))


@functools.cache
def reader() -> tuple[Network, list[str]]:
    """Return the network that reads a line, and the characters it knows, by number."""
    network = Network(_file("rec"))
    return network, ["", *network.about("character").splitlines(), " "]


def load_all() -> None:
    """Load every network, for a process that gives up files before it reads a page."""
    import cv2

    cv2.setNumThreads(1)
    finder()
    turner()
    reader()


def _file(kind: str) -> Path:
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("rapidocr")
    return max((Path(spec.origin).parent / "models").glob(f"*_{kind}_*.onnx"))
