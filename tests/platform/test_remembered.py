"""What is used is remembered, within bounds."""

from backline.platform.remembered import Remembered


def test_what_is_used_stays_however_much_else_comes() -> None:
    memory: Remembered[str, int] = Remembered(10)
    memory.keep("used", 1)

    for number in range(1_000):
        memory.keep(f"once {number}", number)
        assert memory.get("used") == 1
        assert len(memory) <= 20


def test_what_nobody_asks_for_is_forgotten() -> None:
    memory: Remembered[str, int] = Remembered(10)
    memory.keep("unused", 1)

    for number in range(20):
        memory.keep(f"once {number}", number)

    assert memory.get("unused") is None


def test_what_is_to_be_forgotten_is_so_in_both_generations() -> None:
    memory: Remembered[str, int] = Remembered(2)
    for name in ("old", "other", "fresh"):
        memory.keep(name, 1)

    assert [memory.forget(name) for name in ("old", "fresh", "unknown")] == [True, True, False]
    assert memory.get("old") is memory.get("fresh") is None
    assert memory.get("other") == 1
