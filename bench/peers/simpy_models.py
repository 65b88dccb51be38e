"""The same two models on SimPy, with its processes.

simpy_models.py hold <pending> <events> | simpy_models.py mm4 <customers>
"""
import json
import math
import sys
import time
from collections import deque

import simpy


def draws(mean, state, jitter):
    quantiles = [float(round(-math.log(1 - (i + 0.5) / 1024) * mean)) for i in range(1024)]

    def draw():
        nonlocal state
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        return quantiles[state >> 22] + (state & jitter)

    return draw


class Count:
    """Runs the environment until this many have been counted; the model counts them down."""

    def __init__(self, env):
        self.env = env
        self.left = 0

    def run(self, count):
        self.left = count
        self.done = self.env.event()
        self.env.run(until=self.done)

    def down(self):
        self.left -= 1
        if self.left == 0:
            self.done.succeed()


def hold(env, count, draw):
    while True:
        yield env.timeout(draw())
        count.down()


class Mm4:
    def __init__(self, env, count):
        self.env = env
        self.count = count
        self.next_arrival = draws(1e6 / 3.6, 1, 0xFF)
        self.next_service = draws(1e6, 2, 0xFF)
        self.line = deque()
        self.idle = deque()
        self.waited = 0.0
        env.process(self.arrivals())
        for _ in range(4):
            env.process(self.teller())

    def arrivals(self):
        while True:
            yield self.env.timeout(self.next_arrival())
            self.line.append(self.env.now)
            if self.idle:
                self.idle.popleft().succeed()

    def teller(self):
        while True:
            if not self.line:
                came = self.env.event()
                self.idle.append(came)
                yield came
                continue
            self.waited += self.env.now - self.line.popleft()
            self.count.down()
            yield self.env.timeout(self.next_service())


def main():
    env = simpy.Environment()
    count = Count(env)
    kind, *numbers = sys.argv[1:]
    numbers = [int(number) for number in numbers]
    if kind == 'hold':
        draw = draws(1e9, 1, 0xFFFF)
        for _ in range(numbers[0]):
            env.process(hold(env, count, draw))
    else:
        model = Mm4(env, count)
    count.run(numbers[-1] // 4)
    start = time.process_time()
    count.run(numbers[-1])
    seconds = time.process_time() - start
    check = env.now if kind == 'hold' else model.waited
    events = numbers[-1] * (1 if kind == 'hold' else 2)
    print(json.dumps({'rate': events / seconds / 1e6, 'check': check}))


main()
