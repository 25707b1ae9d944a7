"""Tries mutants of a woven build, each with the tests that reach it, and keeps a record of what became of them.

    python3 tests/mutants/hunt.py FOLDER RECORD.csv PART BINARY...

FOLDER is what weave.py made; each BINARY is a test program built from it. PART is K/N: of all mutants those whose
number, hashed, falls in the Kth of N parts, so that any part is a fair sample. Tests are first run one by one to see
which sites each reaches and how long it takes; that is kept in FOLDER/reach.json. A mutant is killed when one test fails,
aborts or takes ten times as long as it should. Nothing is tried twice: a record goes on where it ends.
"""

import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LONGEST_S = 25.0  # Of a test that may hunt.
BUDGET_S = 45.0  # Of recorded time for one mutant, the quickest tests first.
COLUMNS = ["mutant", "verdict", "by"]
# They look at the tree, at clocks or at other programs, and say nothing about a number.
LEFT_OUT = ("tidy", "browser", "supply", "hostile", "workbook::libre", "shards::slurm")


def run(binary, names, settings, longest):
    environment = dict(os.environ, RUST_BACKTRACE="0", **settings)
    command = [binary, "--exact", "--test-threads=1", *names]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=longest)
    except subprocess.TimeoutExpired:
        return "too long", ""
    return ("passed" if done.returncode == 0 else "failed"), done.stdout


def reach(folder, binaries, workers):
    """For each test: its binary, how long it takes, and the sites that it reaches."""
    kept = folder / "reach.json"
    if kept.exists():
        return json.loads(kept.read_text())
    tests = []
    for binary in binaries:
        listed = subprocess.run([binary, "--list"], capture_output=True, text=True, check=True).stdout
        names = [line.removesuffix(": test") for line in listed.splitlines() if line.endswith(": test")]
        tests += [(binary, name) for name in names if not name.startswith(LEFT_OUT)]

    def one(test):
        binary, name = test
        with tempfile.NamedTemporaryFile() as file:
            begun = time.monotonic()
            verdict, _ = run(binary, [name], {"MUTANT": "record", "MUTANT_RECORD": file.name}, LONGEST_S)
            took = time.monotonic() - begun
            sites = sorted({int(word) for word in Path(file.name).read_text().split()})
        return {"binary": binary, "name": name, "took": took, "sites": sites if verdict == "passed" else []}

    with ThreadPoolExecutor(workers) as pool:
        found = list(pool.map(one, tests))
    kept.write_text(json.dumps(found))
    return found


def hunt(mutant, tests):
    """What becomes of a mutant."""
    if not tests:
        return "unreached", ""
    spent, at = 0.0, 0
    while at < len(tests) and spent < BUDGET_S:
        # A few quick tests of one program at a time: most mutants die of the first.
        batch = [tests[at]]
        while len(batch) < 8 and at + len(batch) < len(tests):
            following = tests[at + len(batch)]
            if following["binary"] != batch[0]["binary"] or sum(t["took"] for t in batch) + following["took"] > 2.0:
                break
            batch.append(following)
        took = sum(test["took"] for test in batch)
        names = [test["name"] for test in batch]
        verdict, words = run(batch[0]["binary"], names, {"MUTANT": str(mutant["id"])}, 10 * took + 20)
        if verdict != "passed":
            failed = [line.split()[1] for line in words.splitlines() if line.startswith("test ") and "FAILED" in line]
            return "killed", failed[0] if failed else f"{names[0]} ({verdict})"
        spent += took
        at += len(batch)
    return "survived", f"{at} of {len(tests)} tests"


def main():
    folder, record, part, *binaries = sys.argv[1:]
    workers = int(os.environ.get("NEEDSCAST_WORKERS", "2"))
    folder, (which, of) = Path(folder), (int(word) for word in part.split("/"))
    mutants = json.loads((folder / "mutants.json").read_text())
    tests = reach(folder, binaries, workers)
    by_site = {}
    for test in sorted(tests, key=lambda test: test["took"]):
        for site in test["sites"]:
            by_site.setdefault(site, []).append(test)
    share = lambda m: int(hashlib.sha256(m["name"].encode()).hexdigest()[:8], 16) % of
    wanted = [m for m in mutants if share(m) == which - 1]
    known = set()
    if Path(record).exists():
        known = {row["mutant"] for row in csv.DictReader(open(record, newline=""))}
    else:
        csv.writer(open(record, "w", newline="")).writerow(COLUMNS)
    wanted = [m for m in wanted if m["name"] not in known]
    # Quick ones first, so that a record that is cut short says as much as it can.
    with ThreadPoolExecutor(workers) as pool, open(record, "a", newline="") as file:
        rows = csv.writer(file)
        outcomes = pool.map(lambda m: (m, *hunt(m, by_site.get(m["site"], []))), wanted)
        for n, (mutant, verdict, by) in enumerate(outcomes, 1):
            rows.writerow([mutant["name"], verdict, by])
            file.flush()
            if n % 100 == 0:
                print(f"{n} of {len(wanted)}", flush=True)


main()
