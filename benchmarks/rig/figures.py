"""The arithmetic of measuring: turns, medians, spreads, ratios. It measures nothing itself."""

import statistics
from collections.abc import Iterator, Mapping, Sequence

import msgspec


class Summary(msgspec.Struct, frozen=True):
    """The median of some rounds with the lowest and the highest of them."""

    median: float
    low: float
    high: float

    @property
    def spread(self) -> float:
        """Half of the distance between the extremes, as a share of the median."""
        return (self.high - self.low) / 2 / self.median if self.median else 0.0


def summary(values: Sequence[float]) -> Summary:
    """What several rounds say together.

    Raises:
        ValueError: there are none.
    """
    if not values:
        raise ValueError("there is no round to summarise")
    return Summary(statistics.median(values), min(values), max(values))


def turns(names: Sequence[str], rounds: int) -> Iterator[tuple[int, str]]:
    """A B C A B C …: whatever the machine does meanwhile meets everybody alike."""
    for number in range(rounds):
        for name in names:
            yield number, name


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Summary:
    """How many times ours is theirs, round by round, so that a slow minute counts for both.

    Raises:
        ValueError: they weren't measured in the same rounds.
    """
    if len(ours) != len(theirs):
        raise ValueError(f"{len(ours)} rounds can't be compared with {len(theirs)}")
    return summary([one / other for one, other in zip(ours, theirs, strict=True)])


class Sample(msgspec.Struct, frozen=True):
    """One round of one contestant: how much in a second, how late; `notes` are further figures.

    `cpu_us` is the server's processor time for each request: what others do on the machine moves
    it far less than the rate.
    """

    rate_per_s: float
    cpu_us: float = 0.0
    p50_ms: float = 0.0
    p95_ms: float = 0.0
    p99_ms: float = 0.0
    notes: Mapping[str, float] = {}


class Contest(msgspec.Struct, frozen=True):
    """Everybody's rounds in one benchmark; the first contestant is ours."""

    name: str
    title: str
    unit: str
    conditions: str
    samples: dict[str, list[Sample]]
    targets: tuple["Target", ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def ours(self) -> str:
        """Our own side's name."""
        return next(iter(self.samples))

    def rates(self, name: str) -> list[float]:
        """A contestant's figures, round by round."""
        return [sample.rate_per_s for sample in self.samples[name]]

    def rate(self, name: str) -> Summary:
        """A contestant's figure over the rounds."""
        return summary(self.rates(name))

    def costs(self, name: str) -> list[float]:
        """The processor time of each of a contestant's requests in µs, round by round."""
        return [sample.cpu_us for sample in self.samples[name]]

    def note(self, name: str, key: str) -> Summary:
        """A further figure of a contestant."""
        return summary([sample.notes[key] for sample in self.samples[name]])

    def late(self, name: str, percentile: int) -> Summary:
        """A contestant's 50th, 95th or 99th percentile in ms, over the rounds."""
        return summary([getattr(sample, f"p{percentile}_ms") for sample in self.samples[name]])


class Target(msgspec.Struct, frozen=True):
    """What ours is to reach: a value at least, or below a bound; `text` says it in words."""

    text: str
    value: float
    bound: float
    at_least: bool = True

    @property
    def is_met(self) -> bool:
        """Whether it does."""
        return self.value >= self.bound if self.at_least else self.value < self.bound
