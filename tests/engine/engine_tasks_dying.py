"""The tasks of `engine_tasks`, in a module that ends the worker that imports it."""

import os
import sys

from engine_tasks import TASKS

__all__ = ["TASKS"]

if sys.argv[0].endswith("worker.py"):
    os._exit(9)
