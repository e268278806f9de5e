"""The command line: one file per command, listed in `COMMANDS`.

Results go to standard output, progress and warnings to standard error. What a person can mend is one sentence and the
exit code of the contract; what is a bug is a trace of types, files and lines, never of values.
"""

import argparse
import contextlib
import errno
import os
import shlex
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType, TracebackType

from rollcall import __version__
from rollcall.cli import (
    decide,
    demo,
    digest,
    estimate,
    export,
    gc,
    key,
    people,
    problems,
    report,
    run,
    status,
    unbuilt,
    verify,
    why,
)
from rollcall.cli.command import Command
from rollcall.problems import CaseError, Exit

COMMANDS: tuple[Command, ...] = (
    demo.COMMAND,
    run.COMMAND,
    status.COMMAND,
    estimate.COMMAND,
    people.COMMAND,
    why.COMMAND,
    problems.COMMAND,
    decide.COMMAND,
    report.COMMAND,
    export.COMMAND,
    digest.COMMAND,
    verify.COMMAND,
    key.COMMAND,
    gc.COMMAND,
    *unbuilt.COMMANDS,
)
_DESCRIPTION = """\
From compromised mailboxes to the list of people whose data was in them, with proof.
Everything happens on this machine; nothing is sent anywhere.

  rollcall demo                                     a made-up hospital, from mailbox to list
  rollcall run my-case desk.pst --key-file key      a case of your own
  rollcall status my-case --key-file key            where it stands
"""
_CODES = """\
exit codes: 0 done; 1 a bug; 2 usage; 3 finished with open problems (the list is not final); 4 nothing given could be
opened; 5 key needed; 6 disk, memory or unsuitable file system; 7 certificate not reached; 8 verification failed;
130 interrupted (safe to resume)
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    whole = argparse.ArgumentParser(
        prog="rollcall", description=_DESCRIPTION, epilog=_CODES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    whole.add_argument("--version", action="version", version=f"rollcall {__version__}")
    verbs = whole.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for command in COMMANDS:
        one = verbs.add_parser(
            command.name,
            help=command.summary,
            description=command.text,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.arguments(one)
    return whole


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = sys.argv[1:] if argv is None else argv
    sys.excepthook = show_bug
    previous = signal.getsignal(signal.SIGTERM)
    with contextlib.suppress(ValueError):  # not in the main thread: whoever called us minds the signals
        signal.signal(signal.SIGTERM, _stop)
    try:
        return _run(given)
    except CaseError as error:
        print(f"rollcall: {error}", file=sys.stderr)
        return int(error.exit_code)
    except KeyboardInterrupt:
        print(f"\nrollcall: interrupted; safe to resume: {shlex.join(['rollcall', *given])}", file=sys.stderr)
        return int(Exit.INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has seen enough; what Python flushes at exit must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(Exit.DONE)
    except MemoryError:
        print(
            "rollcall: memory ran out. All finished work is safe. Close other programs, or give fewer --workers, and "
            "run the same command again.",
            file=sys.stderr,
        )
        return int(Exit.NO_ROOM)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EROFS}:
            raise
        print(
            f"rollcall: the disk is full or cannot be written ({error.strerror}). All finished work is safe. Free some "
            "space and run the same command again.",
            file=sys.stderr,
        )
        return int(Exit.NO_ROOM)
    finally:
        with contextlib.suppress(ValueError, TypeError):
            signal.signal(signal.SIGTERM, previous)


def _run(argv: list[str]) -> int:
    whole = parser()
    args = whole.parse_args(argv)
    if args.command is None:
        whole.print_help(sys.stderr)
        return int(Exit.USAGE)
    command = next(command for command in COMMANDS if command.name == args.command)
    code = command.run(args)
    sys.stdout.flush()
    return code


def _stop(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def show_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print what a bug is and where, without its message: a message may quote the evidence."""
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    for one in reversed(chain):
        for frame in traceback.extract_tb(one.__traceback__):
            print(f"  {'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} in {frame.name}", file=sys.stderr)
        print(f"rollcall: a bug: {type(one).__name__}", file=sys.stderr)
    print(
        "rollcall: finished work is safe, and running the same command again goes on. Please report the lines above; "
        "they hold no value of any person.",
        file=sys.stderr,
    )
