"""What share of a run goes into its outputs: python3 benches/writing.py [SCENARIO] [DRAWS] [SMALL] [TIMES]

A run of SMALL draws (20) is watched: the processor time until its last draw is done, which grows with the draws; that
until it begins to write, which hardly does: summarising, appraising, and back-testing the recorded series; and that of
making and writing every file. The shares are those of a run of DRAWS draws (1,000).
"""

import os
import re
import subprocess
import sys
import tempfile

given = sys.argv[1:] + [None] * 4
scenario = given[0] or "scenarios/tayside-throughcare.toml"
draws, small, times = (int(given[i + 1] or usual) for i, usual in enumerate([1000, 20, 3]))
program = os.environ.get("NEEDSCAST", "target/release/needscast")
TICKS = os.sysconf("SC_CLK_TCK")


def used(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def watched(n):
    """Processor seconds until the last row, until writing begins, and of writing; and how many rows there were."""
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "run", scenario, "--draws", str(n), "--drivers", "4", "--out", f"{folder}/out"]
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, bufsize=1)
        until = written = rows = None
        for line in run.stderr:
            done = re.match(r"(\d+) of (\d+) draws$", line)
            if done and done[1] == done[2]:
                until, rows = used(run.pid), int(done[2])
            if line.startswith("Writing"):
                written = used(run.pid)
        _, status, usage = os.wait4(run.pid, 0)
        assert status == 0 and until is not None and written is not None
        size = sum(entry.stat().st_size for entry in os.scandir(f"{folder}/out"))
        return until, written - until, usage.ru_utime + usage.ru_stime - written, rows, size


found = sorted(watched(small) for _ in range(times))
until, between, writing, rows, size = found[len(found) // 2]
whole = until / rows * draws + between + writing
print(f"{scenario}: {until / rows:.3f} s a draw, {between:.2f} s from the last draw on, {writing:.2f} s to write {size / 1e6:.1f} MB")
print(f"of {draws} draws, {whole:.0f} s: writing {100 * writing / whole:.1f}%, with what comes before it {100 * (between + writing) / whole:.1f}%")
