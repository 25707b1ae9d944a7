"""Adds up what became of the mutants that were tried, in each room.

    python3 tests/mutants/tally.py TRIED.csv EXPLAINED.csv

EXPLAINED says of survivors why no test can or need kill them. A survivor without a reason is named, and makes this
fail; so does a reason for what did not survive. A reason for what the record does not have is only told.
"""

import csv
import sys
from collections import Counter

tried, explained = ({row["mutant"]: row for row in csv.DictReader(open(path, newline=""))} for path in sys.argv[1:])
columns = ["tried", "killed", "survived, explained", "survived, not explained", "not reached"]
rooms = {}
loose = []
for name, row in tried.items():
    # A mutant that no test reaches survives as well, and may be explained as well.
    verdict = row["verdict"] if row["verdict"] == "killed" or name not in explained else "survived, explained"
    verdict = {"survived": "survived, not explained", "unreached": "not reached"}.get(verdict, verdict)
    if verdict in columns[3:]:
        loose.append(f"{name} ({row['by'] or 'no test reaches it'})")
    for room in (name.split("/")[1], "all"):
        rooms.setdefault(room, Counter()).update([verdict, "tried"])
print(f"{'':12}" + "".join(f"{column:>25}" for column in columns))
for room in sorted(rooms, key=lambda room: (room == "all", room)):
    print(f"{room:12}" + "".join(f"{rooms[room][column]:25}" for column in columns))
idle = [name for name in explained if name in tried and tried[name]["verdict"] == "killed"]
print("".join(f"\nnot explained: {name}" for name in sorted(loose)), end="")
print("".join(f"\nexplained, but did not survive: {name}" for name in idle))
print("".join(f"\nexplained, not in the record: {name}" for name in sorted(set(explained) - set(tried))))
sys.exit(bool(loose or idle))
