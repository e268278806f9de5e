"""Run every real file kept beside the project in one case and print the account (make samples).

Exit 0 when the run ended with exit 3 (problems named, nothing crashed) and the accounting difference is 0.
"""

import json
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT.parent / "shared" / "samples"
FOLDERS = ("pst", "mbox", "eml", "msg", "spreadsheet", "html")


def main() -> int:
    """Make the case, run it, print what `status` says, and judge."""
    if not SAMPLES.is_dir():
        print("NOT RUN: the real files are not beside the project")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        case, key = Path(scratch) / "samples-case", Path(scratch) / "samples.key"
        key.write_text(secrets.token_hex(32))
        rollcall = [str(Path(sys.executable).with_name("rollcall"))]
        sources = [str(SAMPLES / folder) for folder in FOLDERS]
        run = subprocess.run([*rollcall, "run", str(case), *sources, "--key-file", str(key)], check=False)
        opened = ["--key-file", str(key)]
        subprocess.run([*rollcall, "status", str(case), *opened], check=True)
        told = subprocess.run(
            [*rollcall, "status", str(case), "--json", *opened], check=True, capture_output=True, text=True
        )
        account = json.loads(told.stdout)["account"]
        shutil.rmtree(case)
    good = run.returncode == 3 and account["difference"] == 0
    print(f"samples: run ended with exit {run.returncode} (3 expected), accounting difference {account['difference']}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
