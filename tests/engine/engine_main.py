"""A main process to be killed: runs orders and says who its workers are. The key comes on standard input."""

import sys
from pathlib import Path

from engine_orders import entries, order

from rollcall.engine.local import LocalEngine
from rollcall.store import open_with_key

N_ORDERS = 8


def main() -> None:
    store = open_with_key(Path(sys.argv[1]), sys.stdin.buffer.read())
    refs = [order(store, *entries(f"{n}a", f"{n}b", n=2, sleep=0.03)) for n in range(N_ORDERS)]
    with LocalEngine(store, "engine_tasks:TASKS", workers=2) as engine:
        for _ in engine.map("parts", refs, ""):
            print(*engine.worker_pids, flush=True)


if __name__ == "__main__":
    main()
