"""Files for people stand outside the case, in one step, readable by their owner only."""

from pathlib import Path

from rollcall.problems import CaseError
from rollcall.store.filesystem import write_file


def refuse_inside(case: Path, target: Path) -> None:
    """Refuse a target in the case folder, also one reached through a link: nothing in clear is written in there."""
    real = target.resolve()
    if real.is_relative_to(case.resolve()):
        raise CaseError(f"{target} lies inside the case, where nothing in clear is written. Name a place outside it.")
    if target.is_dir():
        raise CaseError(f"{target} is a folder. Name a file. Nothing was written.")
    if not real.parent.is_dir():
        raise CaseError(f"{real.parent} is not there. Make that folder first. Nothing was written.")


def write_outside(case: Path, target: Path, content: bytes) -> None:
    """Write a file outside the case."""
    refuse_inside(case, target)
    write_file(target.resolve(), content)


def make_folder_beside(case: Path) -> Path:
    """Return the folder `CASE-report` beside the case, made if it is not there; its owner's only."""
    real = case.resolve()
    folder = real.with_name(f"{real.name}-report")
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise CaseError(f"{folder} is in the way. Remove it, or name a file with --to.")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
