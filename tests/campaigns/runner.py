"""Cases drawn at random by seed, run in all cores' processes, and counted.

A campaign is a module with one function of a random generator, which draws a case, runs it and
says what came of it; nothing but the seed and the case's number decides what is drawn:

    if __name__ == "__main__":
        sys.exit(run(fly))

    PYTHONPATH=src:tests python -m campaigns.NAME --runs 1000 --seed 1
    PYTHONPATH=src:tests python -m campaigns.NAME --seed 1 --only 17     # that one again

A campaign whose cases can all be named hands over their table too: ``--every`` runs each of them.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Verdict:
    """What came of a case.

    Attributes:
        outcome: a word or two that cases are counted by: "landed", "refused".
        fault: what should not have been, with figures; empty where all is well.
        case: what was drawn, as a person reads it.
    """

    outcome: str
    fault: str = ""
    case: str = ""


Case = Callable[[np.random.Generator], Verdict]


def drawn(seed: int, number: int) -> np.random.Generator:
    """The generator of one case of a campaign."""
    return np.random.default_rng([seed, number])


def verdicts(one: Callable[[int], Verdict], numbers: range, jobs: int
             ) -> Iterator[tuple[int, Verdict]]:
    """Each case's number and verdict, as they end."""
    if jobs == 1:
        for number in numbers:
            yield number, one(number)
        return
    with ProcessPoolExecutor(jobs) as pool:
        waiting = {pool.submit(one, number): number for number in numbers}
        for done in as_completed(waiting):
            yield waiting[done], done.result()


def _drawn(case: Case, seed: int, number: int) -> Verdict:
    return case(drawn(seed, number))


def _named(each: Callable[..., Verdict], table: Sequence[tuple[Any, ...]], number: int) -> Verdict:
    return each(*table[number])


def run(case: Case, argv: list[str] | None = None, each: Callable[..., Verdict] | None = None,
        table: Sequence[tuple[Any, ...]] = ()) -> int:
    """Run a campaign as the command line asks; 1 where a case has a fault.

    ``each`` runs a case of ``table`` by its entries, where all the cases have names.
    """
    parser = argparse.ArgumentParser(description=case.__doc__)
    parser.add_argument("--runs", type=int, default=100, help="how many cases")
    parser.add_argument("--seed", type=int, default=0, help="the same seed, the same cases")
    parser.add_argument("--only", type=int, help="run this one case and tell of it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    if each is not None:
        parser.add_argument("--every", action="store_true",
                            help=f"each of the {len(table)} cases of its table, none drawn")
    asked = parser.parse_args(argv)
    named = each is not None and asked.every
    one = partial(_named, each, table) if named else partial(_drawn, case, asked.seed)
    which = "of the table" if named else f"of seed {asked.seed}"
    numbers = range(len(table) if named else asked.runs)
    if asked.only is not None:
        numbers = range(asked.only, asked.only + 1)
    jobs = min(asked.jobs, len(numbers))
    counts: Counter[str] = Counter()
    faults = 0
    began = time.perf_counter()
    for number, verdict in verdicts(one, numbers, jobs):
        counts[verdict.outcome] += 1
        if verdict.fault or asked.only is not None:
            faults += bool(verdict.fault)
            print(f"case {number} {which}: {verdict.outcome}: "
                  f"{verdict.fault or 'no fault'}\n    {verdict.case}", flush=True)
    for outcome, count in counts.most_common():
        print(f"{count:6} {outcome}")
    print(f"{sum(counts.values())} cases {which}, {faults} with a fault, "
          f"{time.perf_counter() - began:.0f} s")
    return int(faults > 0)
