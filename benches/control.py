"""Whether expected flows would narrow the Monte Carlo error as a control variate: python3 benches/control.py [SCENARIO] [DRAWS]

The same draws of the parameters are lived by people and propagated as expectations by age band, each in one thread, and
what a row of each takes is told from the processor time of runs with few draws and with many. Expectations would stand
beside people in two ways. As *control*: their mean is made known by further rows of expectations, and people are lived
in as many draws as make the error smallest for the same time (Peherstorfer, Willcox and Gunzburger 2016, "Optimal model
management for multifidelity Monte Carlo estimation": what is left of the variance is (sqrt(1 - r2) + sqrt(w r2))^2,
with r2 the squared correlation over draws and w the ratio of what rows take). *Without chance*: expectations stand for
the people of their own draw, which leaves r2 of the variance at w times the time. Needs DuckDB (tests/run installs it).
"""

import math
import os
import re
import resource
import subprocess
import sys
import tempfile

import duckdb

given = sys.argv[1:] + [None] * 2
scenario, draws = given[0] or "scenarios/scotland.toml", int(given[1] or 40)
program = os.environ.get("NEEDSCAST", "target/release/needscast")
FEW = 4


def lived(path, n, folder, *more):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [program, "run", path, "--draws", str(n), "--shard", "1/1", "--threads", "1", "--drivers", "0"]
    subprocess.run([*command, "--out", folder, *more], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def per_row(path, folder, *more):
    few = lived(path, FEW, f"{folder}-few", *more)
    return (lived(path, draws, folder, *more) - few) / (draws - FEW)


with tempfile.TemporaryDirectory() as folder:
    # Expectations know no queue.
    bare = f"{folder}/bare.toml"
    text = re.sub(r"^model\b", 'services = "none"\nmodel', open(scenario).read(), count=1, flags=re.M)
    open(bare, "w").write(text)
    people = per_row(scenario, f"{folder}/people")
    expected = per_row(bare, f"{folder}/expected", "--expected=by-band")
    ratio = expected / people
    print(f"{scenario}, {draws} draws: a row of people {people:.2f} s, of expectations {expected:.2f} s, ratio {ratio:.2f}")
    # A financial year is told from a month by its second half: 2025-26 is the year that begins in 2025.
    rows = duckdb.sql(f"""
        with people as (select * replace (coalesce(breakdown, '') as breakdown) from '{folder}/people/draws-*.parquet'),
            expected as (select * replace (coalesce(breakdown, '') as breakdown) from '{folder}/expected/draws-*.parquet')
        select measure, breakdown, period, corr(people.value, expected.value) ** 2 as r2
        from people join expected using (option, area_code, measure, breakdown, period, draw)
        where draw > 0 and area_code in ('total', 'S92000003') and measure not like 'people_by%' and measure not like 'group%'
            and cast(period[6:] as int) = (cast(period[3:4] as int) + 1) % 100
        group by all having stddev(people.value) > 0 and stddev(expected.value) > 0 order by all""").fetchall()

best = []
for measure, breakdown, period, r2 in rows:
    left = min(1.0, math.sqrt(1 - r2) + math.sqrt(ratio * r2))
    alone = math.sqrt(r2 * ratio)
    best.append((min(left, alone), left, alone, r2, measure, breakdown, period))
best.sort()
print(f"{'error left by control':>22}{'without chance':>16}{'r2':>8}  of {len(best)} yearly numbers of the whole, the best, the middle and the worst")
for index in [0, 1, 2, len(best) // 2, len(best) - 1]:
    _, left, alone, r2, *what = best[index]
    print(f"{left:22.3f}{alone:16.3f}{r2:8.3f}  {' '.join(w for w in what if w)}")
as_control, alone = sum(b[1] < 0.995 for b in best), [b for b in best if b[2] < 0.995]
print(f"narrower at equal time: as control {as_control} of {len(best)}, without chance {len(alone)}, the latest of {max([b[6] for b in alone], default='no year')}")
least = sorted((1 - math.sqrt(1 - r2)) ** 2 / r2 for *_, r2, _, _, _ in best)
print(f"a row of expectations would have to take less than {least[-1]:.2f} of a row of people to narrow the first, {least[len(least) // 2]:.2f} the middle one")
