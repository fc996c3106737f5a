"""Functions that run in confined processes, most of them as badly behaved as they can be."""

import ctypes
import os
import signal
import socket
import time
from pathlib import Path

import msgspec

from backline.platform.confined import report


class Pair(msgspec.Struct, frozen=True):
    left: int
    right: str


def swap(pair: Pair, times: int) -> Pair:
    return pair if times % 2 == 0 else Pair(int(pair.right), str(pair.left))


def read_text(path: Path) -> str:
    return path.read_text()


def write_text(path: Path, text: str) -> int:
    return path.write_text(text)


def count_to(total: int) -> int:
    for done in range(total + 1):
        report(done, total)
        time.sleep(0.02)
    return total


def fill_memory() -> int:
    kept = []
    while True:
        kept.append(bytearray(1 << 20))


def map_memory(size_bytes: int) -> int:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    return int(libc.malloc(ctypes.c_size_t(size_bytes)) is not None)


def spin() -> None:
    while True:
        pass


def wait_for_ever() -> None:
    time.sleep(3600)


def tell_pid_and_wait(path: Path) -> None:
    path.write_text(str(os.getpid()))
    time.sleep(3600)


def fork_for_ever() -> int:
    started = 0
    while True:
        if os.fork() == 0:
            time.sleep(3600)
        started += 1


def open_socket() -> None:
    socket.socket()


def fail(words: str) -> None:
    raise ValueError(words)


def segfault() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def answer_at_length(size_bytes: int) -> bytes:
    return b"x" * size_bytes


def lie() -> dict[str, list[int]]:
    return {"left": [1]}


def flood_reports() -> None:
    os.write(3, b"P\0\0\0\5\x82\xa1x\x01\x80" * 1000)
    os.write(3, b"Z\xff\xff\xff\xff")
    time.sleep(3600)


def write_large_file(path: Path, size_bytes: int) -> None:
    with path.open("wb") as file:
        for _ in range(size_bytes >> 20):
            file.write(bytes(1 << 20))


def signal_process(pid: int) -> None:
    os.kill(pid, signal.SIGTERM)


def is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def look_around() -> dict[str, str | int]:
    return {
        "descriptors": ",".join(str(number) for number in range(1024) if is_open(number)),
        "session": os.getsid(0) - os.getpid(),
        "niceness": os.nice(0),
        "environment": ",".join(sorted(os.environ)),
    }
