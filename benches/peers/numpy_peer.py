"""Workload P in NumPy: arrays of people, every month a handful of whole-array operations."""

import numpy as np

from common import (
    AREAS, COMPLETIONS, DROPPED, GAVE_UP, LEFT, LONGEST_WAIT, NEEDS, NEEDS_MET, REFERRALS, STARTS, STATES, inputs, serve,
)

P = inputs()
MONTHS, CLOCK, SUPPORT = P["months"], P["clock"], P["support"]
NEVER = np.int32(10**6)
NONE, WAITING, SUPPORTED = 0, 1, 2

ARRIVALS = np.array(P["arrivals"])
AGE_FROM, AGE_WIDTH = np.array(P["ages"]).T
PRIORS_FROM, PRIORS_WIDTH = np.array(P["priors"]).T
N_AGES, N_PRIORS = len(AGE_FROM), len(PRIORS_FROM)
PRIORS_CDF = np.cumsum(P["arrival_priors"])
NEEDS_CDF = np.cumsum(P["needs"], axis=1)
BITS = 1 << np.arange(NEEDS)
# Shares padded to three with a sum that is never reached, targets to four.
EXITS = np.array([[[row + [2.0] * (3 - len(row)) for row in combos] for combos in state] for state in P["exits"]])
TARGETS = np.array([row + [LEFT] * (4 - len(row)) for row in P["targets"]])
CONVICTS, FREE = np.array(P["convicts"]), np.array(P["is_free"])
BASE, RATIO = np.array(CLOCK["base"]), np.array(CLOCK["ratio"])
POWERS = (np.arange(max(CLOCK["ends_after"]) + 1) / CLOCK["within"]) ** CLOCK["shape"]
PLACES = np.array(SUPPORT["places"])


def months(law, rng, n, state=None):
    """So many lengths of stay in whole months."""
    kind = law["law"]
    if kind == "geometric":
        return rng.geometric(1 / law["mean"], n)
    if kind == "table":
        return 1 + rng.choice(len(law["chances"]), n, p=law["chances"])
    if kind == "clock":
        return np.full(n, CLOCK["ends_after"][state])
    return np.floor(law["scale"] * rng.weibull(law["shape"], n) + rng.random(n))


class Run:
    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.t = 0
        self.n = 0
        self.free = np.empty(0, dtype=np.int64)
        self.grow(1 << 14)
        self.entries = np.zeros((MONTHS, AREAS, STATES), dtype=int)
        self.stock = np.zeros((MONTHS, AREAS, STATES), dtype=int)
        self.left = np.zeros((MONTHS, AREAS), dtype=int)
        self.arising = np.zeros((MONTHS, AREAS, NEEDS), dtype=int)
        self.flows = np.zeros((MONTHS, AREAS, NEEDS, 6), dtype=int)
        self.waiting = np.zeros((MONTHS, AREAS, NEEDS), dtype=int)
        self.in_support = np.zeros((MONTHS, AREAS, NEEDS), dtype=int)
        self.waits = np.zeros((-(-MONTHS // 12), AREAS, NEEDS, LONGEST_WAIT + 1), dtype=int)

    def grow(self, capacity):
        """Room for so many people; those there are keep their places."""
        def room(name, dtype, fill, *width):
            array = np.full((capacity, *width), fill, dtype=dtype)
            if self.n:
                array[: self.n] = getattr(self, name)[: self.n]
            setattr(self, name, array)

        room("state", np.int8, LEFT)
        room("area", np.int8, 0)
        room("sex", np.int8, 0)
        room("born", np.int32, 0)
        room("priors", np.int16, 0)
        room("convicted", bool, False)
        room("stay_due", np.int32, NEVER)
        room("fires", np.int32, NEVER)
        room("started", np.int32, 0)
        room("target", float, 0.0)
        room("ratio", float, 1.0)
        room("need", bool, False, NEEDS)
        room("effect", bool, False, NEEDS)
        room("stage", np.int8, NONE, NEEDS)
        room("joined", np.int32, 0, NEEDS)
        room("order", float, 0.0, NEEDS)
        room("gives_up", np.int32, 0, NEEDS)
        room("until", np.int32, 0, NEEDS)

    def slots(self, wanted):
        """Places for new people: those of people who left first."""
        again, self.free = self.free[:wanted], self.free[wanted:]
        more = wanted - len(again)
        if self.n + more > len(self.state):
            self.grow(2 * (self.n + more))
        self.n += more
        return np.concatenate([again, np.arange(self.n - more, self.n)])

    def stratum(self, who):
        age = np.searchsorted(AGE_FROM * 12, self.t - self.born[who], side="right") - 1
        priors = np.searchsorted(PRIORS_FROM, self.priors[who], side="right") - 1
        return (self.sex[who] * N_AGES + age) * N_PRIORS + priors

    def exits(self, who, state):
        """Where people go from a state when their stay ends."""
        sums = EXITS[state, self.stratum(who), self.need[who] @ BITS]
        return TARGETS[state, (self.rng.random(len(who))[:, None] >= sums).sum(axis=1)]

    def count(self, flow, who, service):
        np.add.at(self.flows, (self.t, self.area[who], service, flow), 1)

    def arrive(self):
        numbers = self.rng.poisson(ARRIVALS)
        area, sex, age = (np.repeat(cell.ravel(), numbers.ravel()) for cell in np.indices(ARRIVALS.shape))
        n = len(area)
        who = self.slots(n)
        band = np.searchsorted(PRIORS_CDF[:-1], self.rng.random(n), side="right")
        self.area[who], self.sex[who] = area, sex
        self.born[who] = self.t - np.floor((AGE_FROM[age] + AGE_WIDTH[age] * self.rng.random(n)) * 12)
        self.priors[who] = PRIORS_FROM[band] + np.floor(PRIORS_WIDTH[band] * self.rng.random(n))
        self.convicted[who] = False
        law = NEEDS_CDF[(sex * N_AGES + age) * N_PRIORS + band]
        combination = (self.rng.random(n)[:, None] >= law[:, :-1]).sum(axis=1)
        self.need[who] = combination[:, None] & BITS > 0
        self.effect[who], self.stage[who] = False, NONE
        np.add.at(self.arising[self.t], area, self.need[who])
        return who, np.zeros(n, dtype=int)

    def enter(self, who, state):
        """People enter states, and go on at once from stays of no month."""
        while len(who):
            self.fires[who] = NEVER
            gone = state == LEFT
            if gone.any():
                leavers = who[gone]
                self.drop_out(leavers)
                self.state[leavers], self.stay_due[leavers] = LEFT, NEVER
                self.left[self.t] += np.bincount(self.area[leavers], minlength=AREAS)
                self.free = np.concatenate([self.free, leavers])
                who, state = who[~gone], state[~gone]
            np.add.at(self.entries[self.t], (self.area[who], state), 1)
            convicted = who[CONVICTS[state]]
            self.priors[convicted] += self.convicted[convicted]
            self.convicted[convicted] = True
            self.refer(who[FREE[state]])
            self.drop_out(who[~FREE[state]])
            stay = np.empty(len(who), dtype=np.int32)
            for s in np.unique(state):
                here = state == s
                stay[here] = months(P["lengths"][s], self.rng, here.sum(), s)
            base = BASE[state, self.stratum(who)]
            self.start_clock(who[base > 0], base[base > 0])
            self.state[who], self.stay_due[who] = state, self.t + stay
            through = stay == 0
            who, state = who[through], state[through]
            state = self.exits(who, state)

    def ratios(self, who):
        return np.where(self.need[who], RATIO, 1.0).prod(axis=1) * SUPPORT["effect"] ** self.effect[who].sum(axis=1)

    def start_clock(self, who, base):
        self.ratio[who] = self.ratios(who)
        self.started[who] = self.t
        self.target[who] = self.rng.exponential(size=len(who)) / base / self.ratio[who]
        self.find_firing(who)

    def find_firing(self, who):
        after = np.maximum(np.searchsorted(POWERS, self.target[who]), 1)
        self.fires[who] = np.where(after < len(POWERS), self.started[who] + after, NEVER)

    def change_ratio(self, who):
        """The clocks of people whose needs or effects have changed go on at the new ratio."""
        who = np.unique(who)
        who = who[BASE[self.state[who], 0] > 0]
        old, new = self.ratio[who], self.ratios(who)
        reached = POWERS[self.t - self.started[who]]
        self.target[who] = reached + np.maximum(self.target[who] - reached, 0) * old / new
        self.ratio[who] = new
        self.find_firing(who)
        self.fires[who] = np.maximum(self.fires[who], self.t + 1)

    def refer(self, who):
        row, service = np.nonzero(self.need[who] & (self.stage[who] == NONE))
        takes = self.rng.random(len(row)) < SUPPORT["uptake"]
        who, service = who[row[takes]], service[takes]
        n = len(who)
        self.stage[who, service], self.effect[who, service] = WAITING, False
        self.joined[who, service], self.order[who, service] = self.t, self.rng.random(n)
        self.gives_up[who, service] = self.t + self.rng.geometric(1 / SUPPORT["patience"], n)
        self.count(REFERRALS, who, service)

    def drop_out(self, who):
        row, service = np.nonzero(self.stage[who])
        self.count(DROPPED, who[row], service)
        self.stage[who], self.effect[who] = NONE, False

    def end_supports(self):
        who, service = np.nonzero((self.stage[: self.n] == SUPPORTED) & (self.until[: self.n] == self.t))
        self.stage[who, service] = NONE
        self.count(COMPLETIONS, who, service)
        met = self.rng.random(len(who)) < SUPPORT["meets_need"]
        who, service = who[met], service[met]
        self.need[who, service] = False
        self.count(NEEDS_MET, who, service)
        self.change_ratio(who)

    def serve(self):
        """Those whose patience has ended leave; free places are filled, first come first served."""
        who, service = np.nonzero(self.stage[: self.n] == WAITING)
        impatient = self.gives_up[who, service] <= self.t
        self.stage[who[impatient], service[impatient]] = NONE
        self.count(GAVE_UP, who[impatient], service[impatient])
        who, service = who[~impatient], service[~impatient]
        queue = service * AREAS + self.area[who]
        first = np.lexsort((self.order[who, service], self.joined[who, service], queue))
        who, service, queue = who[first], service[first], queue[first]
        person, of = np.nonzero(self.stage[: self.n] == SUPPORTED)
        busy = np.bincount(of * AREAS + self.area[person], minlength=NEEDS * AREAS)
        rank = np.arange(len(queue)) - np.searchsorted(queue, queue)
        starts = rank < (PLACES.ravel() - busy)[queue]
        who, service = who[starts], service[starts]
        wait = self.t - self.joined[who, service]
        np.add.at(self.waits, (self.t // 12, self.area[who], service, np.minimum(wait, LONGEST_WAIT)), 1)
        self.stage[who, service], self.effect[who, service] = SUPPORTED, True
        length = np.maximum(months(SUPPORT["length"], self.rng, len(who)), 1)
        self.until[who, service] = self.t + length
        self.count(STARTS, who, service)
        self.change_ratio(who)

    def close_month(self):
        here = np.flatnonzero(self.state[: self.n] < LEFT)
        cell = self.area[here].astype(int) * STATES + self.state[here]
        self.stock[self.t] = np.bincount(cell, minlength=AREAS * STATES).reshape(AREAS, STATES)
        for array, stage in ((self.waiting, WAITING), (self.in_support, SUPPORTED)):
            who, service = np.nonzero(self.stage[: self.n] == stage)
            cell = self.area[who].astype(int) * NEEDS + service
            array[self.t] = np.bincount(cell, minlength=AREAS * NEEDS).reshape(AREAS, NEEDS)

    def live(self):
        for self.t in range(MONTHS):
            arrivals, first = self.arrive()
            due = np.flatnonzero(np.minimum(self.stay_due[: self.n], self.fires[: self.n]) == self.t)
            fired = self.fires[due] == self.t
            to = np.where(fired, CLOCK["fires_to"], self.exits(due, self.state[due]))
            self.enter(np.concatenate([arrivals, due]), np.concatenate([first, to]))
            self.end_supports()
            self.serve()
            self.close_month()
        return {
            "entries": self.entries, "stock": self.stock, "left": self.left, "arising": self.arising,
            "flows": self.flows, "waiting": self.waiting, "in_support": self.in_support, "waits": self.waits,
        }


if __name__ == "__main__":
    serve(lambda seed: Run(seed).live())
