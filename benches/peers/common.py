"""What the Python peers share: reading the inputs, the counters' totals, and answering the bench.

The bench writes a seed a line; a peer lives one run and answers with the seconds of processor time it took and the totals of
benches/twin/counts.rs (NAMES), in that order, on one line.
"""

import json
import sys
import time

import numpy as np

AREAS, STATES, NEEDS = 3, 12, 4
LEFT = STATES  # an exit to this "state" leaves
LONGEST_WAIT = 120
FLOWS = ("referrals", "starts", "completions", "needs_met", "gave_up", "dropped")
REFERRALS, STARTS, COMPLETIONS, NEEDS_MET, GAVE_UP, DROPPED = range(len(FLOWS))


def inputs():
    """The figures of workload P, from the file named on the command line."""
    with open(sys.argv[1]) as file:
        return json.load(file)


def totals(entries, stock, left, arising, flows, waiting, in_support, waits):
    """Totals over months and areas (means over months for stocks).

    entries, stock: [month, area, state]; left: [month, area]; arising, waiting, in_support: [month, area, need];
    flows: [month, area, need, flow]; waits: [year, area, need, months waited].
    """
    entries, stock, left, arising, flows, waiting, in_support, waits = map(
        np.asarray, (entries, stock, left, arising, flows, waiting, in_support, waits)
    )
    by_flow = flows.sum(axis=(0, 1))
    ends = by_flow[:, [STARTS, COMPLETIONS, GAVE_UP, DROPPED]].sum()
    return np.concatenate(
        [
            entries.sum(axis=(0, 1)),
            stock.sum(axis=1).mean(axis=0),
            arising.sum(axis=(0, 1)),
            by_flow.T.ravel(),
            waiting.sum(axis=1).mean(axis=0),
            in_support.sum(axis=1).mean(axis=0),
            (waits.sum(axis=(0, 1)) * np.arange(LONGEST_WAIT + 1)).sum(axis=1),
            flows[..., STARTS].sum(axis=(0, 2)),
            stock[-1].sum(axis=1),
            [entries.sum() + left.sum() + ends],
        ]
    )


def serve(run):
    """Answers seeds with runs until there are no more."""
    for line in sys.stdin:
        begun = time.process_time()
        counts = run(int(line))
        seconds = time.process_time() - begun
        print(seconds, *(f"{total:.10g}" for total in totals(**counts)), flush=True)
