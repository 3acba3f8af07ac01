"""What takes more than one run: two at once, and runs that are interrupted or killed."""
import dataclasses
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import typing

from harness import LATHE, files_below


@dataclasses.dataclass
class Scenario:
    name: str
    run: typing.Callable    # (folder of the plugin, an empty folder) -> what is wrong, or None
    kind: str = "command line"


def start(words, folder, cache):
    environment = dict(os.environ, XDG_CACHE_HOME=str(cache), NO_COLOR="1")
    return subprocess.Popen([str(LATHE)] + words, cwd=folder, env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def finish(process, seconds=120):
    out, err = process.communicate(timeout=seconds)
    return process.returncode, out + err


def on_rtl(rows, seed=1):
    return ["run", "copy.lathe", "-t", "./", "--on", "rtl", "--size", f"M={rows}", "--size", "N=4",
            "--seed", str(seed)]


def inside(cache, kind):
    folder = cache / "lathe" / kind
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def leftovers(cache):
    left = inside(cache, "building") + inside(cache, "locks")
    return f"the cache keeps {left}" if left else None


def wait_until(condition, process, seconds=60):
    end = time.monotonic() + seconds
    while not condition() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.005)
    return condition()


def is_whole(path, elements):
    """A .npy file of so many bytes behind its header."""
    data = path.read_bytes()
    return data[:6] == b"\x93NUMPY" and len(data) == 10 + int.from_bytes(data[8:10], "little") + elements


def two_at_once(folder, scratch):
    """Both start without a model: one builds it, the other waits for it, both run."""
    both = [start(on_rtl(5) + ["--compare"], folder, scratch) for _ in range(2)]
    for status, text in map(finish, both):
        if status != 0 or "equal" not in text:
            return f"exit {status}: {text}"
    if len(inside(scratch, "models")) != 1:
        return f"{len(inside(scratch, 'models'))} models were built"
    return leftovers(scratch)


def ended_while_building(folder, scratch, number, expected):
    (scratch / "lathe").mkdir()  # the runtime is built: it takes longest, and is not what is tested
    (scratch / "lathe" / "runtime").symlink_to(folder.parent / "cache" / "lathe" / "runtime")
    first = start(on_rtl(5), folder, scratch)
    if not wait_until(lambda: inside(scratch, "building"), first):
        return f"it never builds: {finish(first)}"
    time.sleep(0.3)
    os.killpg(first.pid, number)
    status, text = finish(first)
    if status != expected:
        return f"exit {status}: {text}"
    if inside(scratch, "models"):
        return "a model of the run that was ended is in the cache"
    status, text = finish(start(on_rtl(5) + ["--compare"], folder, scratch))
    return f"the next run: exit {status}: {text}" if status != 0 else leftovers(scratch)


def interrupted_build(folder, scratch):
    return ended_while_building(folder, scratch, signal.SIGINT, 130)


def killed_build(folder, scratch):
    return ended_while_building(folder, scratch, signal.SIGKILL, -signal.SIGKILL)


def interrupted_run(folder, scratch):
    """While it simulates, with a result and a waveform asked for."""
    waveform = scratch / "w.fst"
    words = on_rtl(5000) + ["--stall", "0.99", "--out", f"y={scratch / 'y.npy'}"]
    run = start(words, folder, scratch.parent)
    time.sleep(0.25)
    run.send_signal(signal.SIGINT)
    status, text = finish(run)
    if status not in (0, 130):
        return f"exit {status}: {text}"
    left = files_below(scratch) - ({"y.npy"} if status == 0 else set())
    return f"it left {left}" if left or waveform.exists() else None


def killed_run(folder, scratch):
    """Killed at 40 moments: what has its name is whole, and the next run works."""
    words = ["run", "copy.lathe", "--on", "reference", "--size", "M=3000", "--size", "N=3000", "--seed", "1"]
    path = scratch / "y.npy"
    for moment in range(40):
        path.unlink(missing_ok=True)
        run = start(words + ["--out", f"y={path}"], folder, scratch.parent)
        time.sleep(0.005 * moment)
        run.kill()
        finish(run)
        if path.exists() and not is_whole(path, 3000 * 3000):
            return f"killed after {5 * moment} ms: a file that is not whole"
    status, text = finish(start(words + ["--out", f"y={path}"], folder, scratch.parent))
    return f"exit {status}: {text}" if status != 0 or not is_whole(path, 3000 * 3000) else None


def devices_stay(folder, scratch):
    """A result that goes to a device goes into it, and does not take its place."""
    status, text = finish(start(["run", "copy.lathe", "--on", "reference", "--size", "M=5", "--size", "N=4",
                                 "--seed", "1", "--out", "y=/dev/null"], folder, scratch))
    if status != 0 or not pathlib.Path("/dev/null").is_char_device():
        return f"exit {status}: {text}"
    return None


def links_stay(folder, scratch):
    """A result written to a link is written to what it names."""
    (scratch / "link.npy").symlink_to("real.npy")
    (scratch / "real.npy").write_text("old")
    status, text = finish(start(["run", "copy.lathe", "--on", "reference", "--size", "M=5", "--size", "N=4",
                                 "--seed", "1", "--out", f"y={scratch / 'link.npy'}"], folder, scratch.parent))
    whole = (scratch / "link.npy").is_symlink() and is_whole(scratch / "real.npy", 20)
    return None if status == 0 and whole else f"exit {status}: {text}"


def two_runs_fill(cache):
    return Scenario("two runs share an empty cache", lambda folder, _: two_at_once(folder, cache), "RTL")


def scenarios():
    return [Scenario("a build that is interrupted", interrupted_build, "RTL"),
            Scenario("a build that is killed", killed_build, "RTL"),
            Scenario("a run that is interrupted", interrupted_run),
            Scenario("a run that is killed, 40 times", killed_run),
            Scenario("a result that goes to a device", devices_stay),
            Scenario("a result that goes to a link", links_stay)]


def check_scenario(scenario, folder):
    # What was killed may leave a compiler that still writes.
    with tempfile.TemporaryDirectory(prefix="lathe-bad-scenario-", ignore_cleanup_errors=True) as outer:
        scratch = pathlib.Path(outer) / "scratch"
        scratch.mkdir()
        return scenario.run(folder, scratch), set()
