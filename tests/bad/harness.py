"""Runs `lathe` as a user would and says in what a run differs from what its case announces.

A case passes when the exit code is the announced one; the messages are the announced ones, in order,
each with its code, file, line and column; each message with a place is followed by the line of the
file and a caret under the column; the run ended by itself within its time and memory; and no file is
left behind that the case does not announce.
"""
import dataclasses
import os
import pathlib
import re
import resource
import signal
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LATHE = ROOT / "build" / "bin" / "lathe"
MESSAGES = ROOT / "core" / "support" / "Messages.def"

MESSAGE = re.compile(r"^(?:lathe|(?P<file>.+?)(?::(?P<line>\d+):(?P<column>\d+))?): "
                     r"(?:error|warning): .*\[(?P<code>L\d{4})\]$")
LONGEST_LINE = 160    # a longer one is shown in part
MEGABYTES = 1024      # a run may take; the description reader alone may take 512


@dataclasses.dataclass
class Case:
    kind: str                    # a row of the table at the end
    name: str
    words: list                  # after `lathe`
    exit: int
    expect: list = dataclasses.field(default_factory=list)  # "L0712 3:5 FILE", "L0712 FILE", "L0712 -"
    folder: pathlib.Path = None  # where it runs; all files below it are watched
    says: str = ""               # must be on stderr or stdout as well
    creates: tuple = ()          # files of the folder that may be new afterwards
    seconds: float = 20
    cache: pathlib.Path = None   # XDG_CACHE_HOME; one of its own when there is none
    out: str = ""                # a file for stdout
    environment: dict = dataclasses.field(default_factory=dict)
    file_bytes: int = 0          # the largest file it may write (RLIMIT_FSIZE)


@dataclasses.dataclass
class Outcome:
    status: int    # negative: the signal that ended it
    out: str
    err: str
    seconds: float
    megabytes: float


def severities():
    """{code: 'Error' or 'Warning'} of every message there is."""
    found = re.findall(r'LATHE_MESSAGE\(\w+, "(L\d{4})", (\w+)', MESSAGES.read_text())
    return dict(found)


def environment_of(case, scratch):
    cache = case.cache or scratch / "cache"
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    (scratch / "tmp").mkdir()
    own = {"NO_COLOR": "1", "HOME": str(scratch), "TMPDIR": str(scratch / "tmp"),
           "XDG_CACHE_HOME": str(cache)}
    return {**kept, **own, **case.environment}


def limits_of(case):
    def set_limits():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if case.file_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (case.file_bytes,) * 2)
    return set_limits


def wait_for(process, case):
    """(wait status, usage); kills the run's whole group when its time is over."""
    late = threading.Timer(case.seconds, lambda: os.killpg(process.pid, signal.SIGKILL))
    late.start()
    _, status, usage = os.wait4(process.pid, 0)
    late.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage


def execute(case, scratch):
    with open(scratch / "err", "w+b") as err, open(case.out or scratch / "out", "w+b") as out:
        start = time.monotonic()
        process = subprocess.Popen([str(LATHE)] + [str(word) for word in case.words],
                                   cwd=case.folder, env=environment_of(case, scratch), stdout=out,
                                   stderr=err, stdin=subprocess.DEVNULL, start_new_session=True,
                                   preexec_fn=limits_of(case))
        usage = wait_for(process, case)
        seconds = time.monotonic() - start
        said = b"" if case.out else (scratch / "out").read_bytes()
        return Outcome(process.returncode, said.decode(errors="replace"),
                       (scratch / "err").read_bytes().decode(errors="replace"), seconds,
                       usage.ru_maxrss / 1024)


def messages_of(err):
    """(code, file, line, column, line after, line after that) of every message."""
    lines = err.split("\n") + ["", ""]
    for number, line in enumerate(lines):
        if match := MESSAGE.match(line):
            yield (match["code"], match["file"] or "", int(match["line"] or 0),
                   int(match["column"] or 0), lines[number + 1], lines[number + 2])


def caret_problem(message, folder):
    code, file, line, column, shown, caret = message
    if line == 0:
        return None
    try:
        text = (folder / file).read_bytes().decode(errors="replace").split("\n")[line - 1]
    except (OSError, IndexError):
        return f"{code}: '{file}' has no line {line}"
    if not text or len(text.encode()) > LONGEST_LINE or "\0" in text:
        return None
    if shown != "  " + text:
        return f"{code}: the line of the file does not follow, but '{shown}'"
    if caret.rstrip() != caret or caret.replace("\t", " ") != " " * (column + 1) + "^":
        return f"{code}: no caret under column {column}: '{caret}'"
    return None


def fits(message, expected):
    codes, *place = expected.split(" ")
    code, file, line, column, *_ = message
    if code not in codes.split("|"):
        return False
    if not place: # anywhere
        return True
    if place == ["-"]:
        return file == ""
    at = place[0] if ":" in place[0] else "0:0"
    return at == f"{line}:{column}" and file.endswith(place[-1])


def files_below(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def problem_of(case, outcome, before, scratch):
    if outcome.seconds >= case.seconds:
        return f"it did not end within {case.seconds} s"
    if outcome.status < 0:
        return f"ended by {signal.Signals(-outcome.status).name}"
    if outcome.megabytes > MEGABYTES:
        return f"it took {outcome.megabytes:.0f} MB"
    messages = list(messages_of(outcome.err))
    if len(messages) != len(case.expect) or not all(map(fits, messages, case.expect)):
        return "messages are not " + (", ".join(case.expect) or "none")
    if outcome.status != case.exit:
        return f"exit {outcome.status}, expected {case.exit}"
    for message in messages:
        if problem := caret_problem(message, case.folder):
            return problem
    if case.says not in outcome.err + outcome.out:
        return f"it does not say '{case.says}'"
    left = files_below(case.folder) - before - set(case.creates)
    left |= {name for name in files_below(scratch / "tmp")}
    return f"it left {sorted(left)}" if left else None


def check(case):
    """(what is wrong or None, the codes that were reported)."""
    with tempfile.TemporaryDirectory(prefix="lathe-bad-run-") as folder:
        scratch = pathlib.Path(folder)
        case.folder = case.folder or scratch / "tmp"
        before = files_below(case.folder) if case.folder.exists() else set()
        outcome = execute(case, scratch)
        problem = problem_of(case, outcome, before, scratch)
        if problem:
            problem += f"\n{outcome.out[-2000:]}{outcome.err[-4000:]}"
        return problem, {message[0] for message in messages_of(outcome.err)}
