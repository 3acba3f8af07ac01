"""What the compiler itself costs: loading and checking the description, compiling the published shapes."""
import subprocess
import time

from bench_shapes import KERNELS, LATHE, ROOT, TARGET, conv_cases, gemm_cases

TIMES = 20
LOAD_MS, CHECK_MS, COMPILE_MS = 10, 300, 50


def in_process(cases):
    """Milliseconds to load the description, then to compile each case."""
    words = [f"{KERNELS / case['kernel']}:" + ",".join(f"{n}={v}" for n, v in case["sizes"].items())
             for case in cases]
    tool = ROOT / "build/bin/lathe-compile-time"
    lines = subprocess.run([str(tool), str(ROOT / "targets" / TARGET), str(TIMES), *words],
                           stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True).stdout
    return [float(line.split()[1]) for line in lines.splitlines()]


def check_seconds():
    command = [str(LATHE), "check", str(ROOT / "targets" / TARGET)]
    start = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.monotonic() - start


def bench(seed):
    """The times, each the least of TIMES runs, and whether all are within their limits."""
    del seed                      # sizes are all that compiling depends on
    cases = [*gemm_cases(), *conv_cases()]
    load, *compiled = in_process(cases)
    rows = [("load the description", load, LOAD_MS),
            ("lathe check", 1e3 * min(check_seconds() for _ in range(TIMES)), CHECK_MS)]
    rows += [(f"compile {case['name']}", took, COMPILE_MS) for case, took in zip(cases, compiled)]
    print(f"\ncompile: milliseconds, the least of {TIMES} runs\n{'what':<36}{'ms':>8}{'limit':>8}")
    for what, took, limit in rows:
        print(f"{what:<36}{took:>8.1f}{limit:>8}")
    return ([{"what": what, "ms": took, "limit": limit} for what, took, limit in rows],
            all(took <= limit for _, took, limit in rows))
