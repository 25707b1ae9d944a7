"""Workload P in SimPy: a process for every person, every support and every queue.

Whole numbers are months. Within a month the parts follow one another at quarters: arrivals and transitions at 0,
ends of support at 1/4, the queues at 1/2, the counters at 3/4.
"""

import math
import random
from bisect import bisect_left, bisect_right
from itertools import accumulate

import simpy

from common import (
    AREAS, COMPLETIONS, DROPPED, FLOWS, GAVE_UP, LEFT, LONGEST_WAIT, NEEDS, NEEDS_MET, REFERRALS, STARTS, STATES, inputs, serve,
)

P = inputs()
MONTHS, CLOCK, SUPPORT = P["months"], P["clock"], P["support"]
NEVER = math.inf
POWERS = [(t / CLOCK["within"]) ** CLOCK["shape"] for t in range(max(CLOCK["ends_after"]) + 1)]
AGES, PRIORS = P["ages"], P["priors"]
AGE_STARTS, PRIORS_STARTS = [12 * from_ for from_, _ in AGES], [from_ for from_, _ in PRIORS]
NEEDS_CDF = [list(accumulate(law)) for law in P["needs"]]
END, QUEUES, COUNTERS = 0.25, 0.5, 0.75


def geometric(mean):
    return max(1, math.ceil(math.log(1 - random.random()) / math.log(1 - 1 / mean)))


def months(law, state=None):
    """A length of stay in whole months."""
    kind = law["law"]
    if kind == "geometric":
        return geometric(law["mean"])
    if kind == "table":
        return 1 + random.choices(range(len(law["chances"])), law["chances"])[0]
    if kind == "clock":
        return CLOCK["ends_after"][state]
    return math.floor(random.weibullvariate(law["scale"], law["shape"]) + random.random())


def poisson(mean):
    """Arrivals of a unit of time in which they come at this rate."""
    n, time = 0, random.expovariate(mean)
    while time < 1:
        n, time = n + 1, time + random.expovariate(mean)
    return n


def table(*lengths):
    """Nested lists of zeros."""
    return [table(*lengths[1:]) for _ in range(lengths[0])] if lengths else 0


class World:
    def __init__(self, env):
        self.env = env
        self.queues = {(area, k): Queue(self, area, k) for area in range(AREAS) for k in range(NEEDS)}
        self.stock, self.waiting, self.in_support = table(AREAS, STATES), table(AREAS, NEEDS), table(AREAS, NEEDS)
        self.waits = table(-(-MONTHS // 12), AREAS, NEEDS, LONGEST_WAIT + 1)
        self.months = {name: [] for name in ("entries", "stock", "left", "arising", "flows", "waiting", "in_support")}
        self.clear()
        env.process(self.arrivals())
        env.process(self.counters())

    def clear(self):
        self.entries, self.left, self.arising = table(AREAS, STATES), table(AREAS), table(AREAS, NEEDS)
        self.flows = table(AREAS, NEEDS, len(FLOWS))

    def arrivals(self):
        while True:
            for area, sexes in enumerate(P["arrivals"]):
                for sex, ages in enumerate(sexes):
                    for age, mean in enumerate(ages):
                        for _ in range(poisson(mean)):
                            Person(self, area, sex, age)
            yield self.env.timeout(1)

    def counters(self):
        yield self.env.timeout(COUNTERS)
        while True:
            for name in ("stock", "waiting", "in_support"):
                self.months[name].append([list(row) for row in getattr(self, name)])
            for name in ("entries", "left", "arising", "flows"):
                self.months[name].append(getattr(self, name))
            self.clear()
            yield self.env.timeout(1)


class Person:
    def __init__(self, world, area, sex, age):
        self.world, self.area, self.sex = world, area, sex
        from_, width = AGES[age]
        self.born = int(world.env.now) - math.floor((from_ + width * random.random()) * 12)
        band = random.choices(range(len(PRIORS)), P["arrival_priors"])[0]
        from_, width = PRIORS[band]
        self.priors = from_ + math.floor(width * random.random())
        self.convicted = False
        law = NEEDS_CDF[(sex * len(AGES) + age) * len(PRIORS) + band]
        combination = min(bisect_right(law, random.random()), len(law) - 1)
        self.needs = {k for k in range(NEEDS) if combination >> k & 1}
        for k in self.needs:
            world.arising[area][k] += 1
        self.effects, self.waiting, self.supports = set(), {}, {}
        self.base = 0
        self.process = world.env.process(self.life())

    def stratum(self):
        age = max(bisect_right(AGE_STARTS, int(self.world.env.now) - self.born) - 1, 0)
        priors = bisect_right(PRIORS_STARTS, self.priors) - 1
        return (self.sex * len(AGES) + age) * len(PRIORS) + priors

    def exit(self, state):
        sums = P["exits"][state][self.stratum()][sum(1 << k for k in self.needs)]
        return P["targets"][state][bisect_right(sums, random.random())]

    def life(self):
        env, world, state = self.world.env, self.world, 0
        while state != LEFT:
            self.enter(state)
            stay = months(P["lengths"][state], state)
            if stay == 0:
                state = self.exit(state)
                continue
            world.stock[self.area][state] += 1
            ends = env.now + stay
            while True:
                try:
                    yield env.timeout(min(ends, self.fires) - env.now)
                    break
                except simpy.Interrupt:
                    pass  # The clock has changed: wait for the new time.
            world.stock[self.area][state] -= 1
            state = CLOCK["fires_to"] if self.fires <= ends else self.exit(state)
        self.drop_out()
        world.left[self.area] += 1

    def enter(self, state):
        self.world.entries[self.area][state] += 1
        if P["convicts"][state]:
            self.priors += self.convicted
            self.convicted = True
        if P["is_free"][state]:
            self.refer()
        else:
            self.drop_out()
        self.base, self.fires = CLOCK["base"][state][self.stratum()], NEVER
        if self.base > 0:
            self.started, self.ratio = self.world.env.now, self.present_ratio()
            self.target = random.expovariate(1) / self.base / self.ratio
            self.find_firing()

    def present_ratio(self):
        return math.prod(CLOCK["ratio"][k] for k in self.needs) * SUPPORT["effect"] ** len(self.effects)

    def find_firing(self):
        after = max(bisect_left(POWERS, self.target), 1)
        self.fires = self.started + after if after < len(POWERS) else NEVER

    def change_ratio(self):
        """The clock goes on at the ratio of the present needs and effects."""
        if self.base == 0:
            return
        now, ratio, before = math.floor(self.world.env.now), self.present_ratio(), self.fires
        reached = POWERS[now - int(self.started)]
        self.target = reached + max(self.target - reached, 0) * self.ratio / ratio
        self.ratio = ratio
        self.find_firing()
        self.fires = max(self.fires, now + 1)
        if self.fires != before:
            self.process.interrupt()

    def refer(self):
        for k in self.needs:
            if k in self.waiting or k in self.supports or random.random() >= SUPPORT["uptake"]:
                continue
            self.effects.discard(k)
            self.world.flows[self.area][k][REFERRALS] += 1
            self.world.queues[self.area, k].join(self)

    def drop_out(self):
        for k in self.waiting:
            self.world.waiting[self.area][k] -= 1
            self.world.flows[self.area][k][DROPPED] += 1
        for k, support in self.supports.items():
            support.interrupt()
            self.world.in_support[self.area][k] -= 1
            self.world.flows[self.area][k][DROPPED] += 1
        self.waiting, self.supports, self.effects = {}, {}, set()

    def support(self, k):
        try:
            yield self.world.env.timeout(max(months(SUPPORT["length"]), 1) + END - QUEUES)
        except simpy.Interrupt:
            return
        del self.supports[k]
        self.world.in_support[self.area][k] -= 1
        flows = self.world.flows[self.area][k]
        flows[COMPLETIONS] += 1
        if random.random() < SUPPORT["meets_need"]:
            flows[NEEDS_MET] += 1
            self.needs.discard(k)
            self.change_ratio()


class Queue:
    """The queue of one service in one area."""

    def __init__(self, world, area, k):
        self.world, self.area, self.k = world, area, k
        self.queue, self.joining = [], []
        world.env.process(self.passes())

    def join(self, person):
        entry = (person, int(self.world.env.now), int(self.world.env.now) + geometric(SUPPORT["patience"]))
        person.waiting[self.k] = entry
        self.world.waiting[self.area][self.k] += 1
        self.joining.append(entry)

    def passes(self):
        yield self.world.env.timeout(QUEUES)
        while True:
            random.shuffle(self.joining)
            self.queue += self.joining
            self.joining = []
            self.queue = [entry for entry in self.queue if self.stays(*entry, entry)]
            yield self.world.env.timeout(1)

    def stays(self, person, joined, gives_up, entry):
        world, area, k = self.world, self.area, self.k
        if person.waiting.get(k) is not entry:
            return False
        now = math.floor(world.env.now)
        is_full = world.in_support[area][k] >= SUPPORT["places"][k][area]
        if gives_up > now and is_full:
            return True
        del person.waiting[k]
        world.waiting[area][k] -= 1
        if gives_up <= now:
            world.flows[area][k][GAVE_UP] += 1
            return False
        world.flows[area][k][STARTS] += 1
        world.waits[now // 12][area][k][min(now - joined, LONGEST_WAIT)] += 1
        world.in_support[area][k] += 1
        person.supports[k] = world.env.process(person.support(k))
        person.effects.add(k)
        person.change_ratio()
        return False


def run(seed):
    random.seed(seed)
    env = simpy.Environment()
    world = World(env)
    env.run(until=MONTHS)
    return {**world.months, "waits": world.waits}


if __name__ == "__main__":
    serve(run)
