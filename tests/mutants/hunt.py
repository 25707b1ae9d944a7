"""Tries mutants of a woven build, each with the tests that reach it, and keeps a record of what became of them.

    python3 tests/mutants/hunt.py FOLDER RECORD.csv PART BINARY...

FOLDER is what weave.py made; each BINARY is a test program built from it. PART is K/N: of all mutants those whose
name, hashed, falls in the Kth of N parts, so that any part is a fair sample; or `again`: what survived so far without
a reason. Tests are first run one by one to see which sites each reaches and how long it takes; that is kept in
FOLDER/reach.jsonl. A mutant is killed when one test fails, aborts or takes far longer than it should. Nothing else is
tried twice: a record goes on where it ends.
"""

import csv
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# All seconds are of a processor, so that other work on the machine decides nothing.
LONGEST_S = 12.0  # Of a test that may hunt.
BUDGET_S = float(os.environ.get("NEEDSCAST_BUDGET", "60"))  # Of recorded time for one mutant.
PATIENCE = 5.0  # How many times as long as without a mutant a test may take.
GRACE_S = 3.0  # And as much beyond.
MEMORY = 4 << 30  # In bytes, of a test program: a mutant may ask for everything.
# It holds the values of a whole run to the last digit.
FIRST = "values::"
COLUMNS = ["mutant", "verdict", "by"]
# They look at the tree, at clocks or at other programs, and say nothing about a number.
LEFT_OUT = ("tidy", "browser", "supply", "hostile", "workbook::libre", "shards::slurm", "shards::stops")


def run(binary, names, settings, longest):
    """What becomes of some tests: the verdict, what is said, and the seconds of a processor."""

    def limits():
        seconds = int(longest) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))

    # A child is given back with what it used only by wait4, and what it says may not fill a pipe.
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen(
            [binary, "--exact", "--test-threads=1", *names],
            env=dict(os.environ, RUST_BACKTRACE="0", **settings),
            stdout=said,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=limits,
        )
        # One that waits for ever uses no processor.
        alarm = threading.Timer(60 + 10 * longest, os.killpg, (child.pid, signal.SIGKILL))
        alarm.start()
        _, status, used = os.wait4(child.pid, 0)
        alarm.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        words = said.read()
    if child.returncode in (-signal.SIGKILL, -signal.SIGXCPU):
        verdict = "too long"
    else:
        verdict = "passed" if child.returncode == 0 else "failed"
    return verdict, words, used.ru_utime + used.ru_stime


def reach(folder, binaries, workers):
    """For each test: its binary, how long it takes, and the sites that it reaches."""
    kept = folder / "reach.jsonl"
    found = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    known = {(test["binary"], test["name"]) for test in found}
    tests = []
    for binary in binaries:
        listed = subprocess.run([binary, "--list"], capture_output=True, text=True, check=True).stdout
        names = [line.removesuffix(": test") for line in listed.splitlines() if line.endswith(": test")]
        tests += [(binary, n) for n in names if not n.startswith(LEFT_OUT) and (binary, n) not in known]

    def one(test):
        binary, name = test
        with tempfile.NamedTemporaryFile() as file:
            settings = {"MUTANT": "record", "MUTANT_RECORD": file.name}
            verdict, _, took = run(binary, [name], settings, LONGEST_S)
            sites = sorted({int(word) for word in Path(file.name).read_text().split()})
        if verdict != "passed":
            print(f"{name} does not hunt: {verdict} after {took:.1f} s", flush=True)
        return {"binary": binary, "name": name, "took": took, "sites": sites if verdict == "passed" else []}

    with ThreadPoolExecutor(workers) as pool, open(kept, "a") as file:
        for n, test in enumerate(pool.map(one, tests), 1):
            found.append(test)
            print(json.dumps(test), file=file, flush=True)
            if n % 100 == 0:
                print(f"{n} of {len(tests)} tests", flush=True)
    return found


def batches(tests):
    """Tests of one program together, more and more: most mutants die of the first few."""
    at, longest = 0, 0.5
    while at < len(tests):
        batch, took = [], 0.0
        for test in tests[at:]:
            if batch and (test["binary"] != batch[0]["binary"] or took + test["took"] > longest):
                break
            batch.append(test)
            took += test["took"]
        yield batch, took
        at += len(batch)
        longest = min(2 * longest, 8.0)


def hunt(mutant, tests, kills):
    """What becomes of a mutant: the tests of its own file first, then the quickest, those that kill before others."""
    if not tests:
        return "unreached", ""
    # src/room/file.rs has its own tests as room::file::tests.
    own = mutant["file"].removeprefix("src/").removesuffix(".rs").removesuffix("/mod").replace("/", "::")

    def order(test):
        dear = (test["took"] + 0.02) / (1 + kills[test["name"]])
        return not test["name"].startswith(own + "::"), not test["name"].startswith(FIRST), dear, test["name"]

    tests = sorted(tests, key=order)
    spent, tried = 0.0, 0
    for batch, took in batches(tests):
        if spent + took > BUDGET_S:
            break
        names = [test["name"] for test in batch]
        settings = {"MUTANT": str(mutant["id"])}
        verdict, words, _ = run(batch[0]["binary"], names, settings, PATIENCE * took + GRACE_S)
        if verdict != "passed":
            failed = [line.split()[1] for line in words.splitlines() if line.startswith("test ") and "FAILED" in line]
            # What was begun last aborted, or went on and on.
            begun = [line.split()[1] for line in words.splitlines() if line.startswith("test ")]
            by = (failed or begun[-1:] or names)[0]
            kills[by] += 1
            return "killed", by if failed else f"{by} ({verdict})"
        spent += took
        tried += len(batch)
    return "survived", f"{tried} of {len(tests)} tests"


def rows_of(path):
    """The rows of a table by mutant: the last of each."""
    if not path.exists():
        return {}
    with open(path, newline="") as file:
        return {row["mutant"]: row for row in csv.DictReader(file)}


def write(path, rows):
    with open(path, "w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows[name] for name in sorted(rows))


def wanted(mutants, part, known, explained):
    """The mutants of a part that were not tried, or again those that survived without a reason."""
    if part == "again":
        loose = {name for name, row in known.items() if row["verdict"] != "killed"} - set(explained)
        return [m for m in mutants if m["name"] in loose]
    which, of = (int(word) for word in part.split("/"))
    share = lambda m: int(hashlib.sha256(m["name"].encode()).hexdigest()[:8], 16) % of
    return [m for m in mutants if share(m) == which - 1 and m["name"] not in known]


def main():
    folder, record, part, *binaries = sys.argv[1:]
    workers = int(os.environ.get("NEEDSCAST_WORKERS", "2"))
    folder, record = Path(folder).resolve(), Path(record).resolve()
    # Where cargo runs tests.
    os.chdir(folder)
    mutants = json.loads((folder / "mutants.json").read_text())
    by_site = {}
    for test in reach(folder, binaries, workers):
        for site in test["sites"]:
            by_site.setdefault(site, []).append(test)
    # What is listed no longer was elsewhere in the sources: it stays out of the record.
    names = {m["name"] for m in mutants}
    known = {name: row for name, row in rows_of(record).items() if name in names}
    write(record, known)
    kills = Counter(row["by"].split(" ")[0] for row in known.values() if row["verdict"] == "killed")
    to_try = wanted(mutants, part, known, rows_of(record.with_name("explained.csv")))
    with ThreadPoolExecutor(workers) as pool, open(record, "a", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        outcomes = pool.map(lambda m: (m, *hunt(m, by_site.get(m["site"], []), kills)), to_try)
        for n, (mutant, verdict, by) in enumerate(outcomes, 1):
            rows.writerow([mutant["name"], verdict, by])
            file.flush()
            if n % 50 == 0:
                print(f"{n} of {len(to_try)}", flush=True)
    write(record, rows_of(record))


main()
