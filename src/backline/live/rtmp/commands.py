"""Commands as both sides read them: names, transactions, what a status says."""

from typing import NamedTuple

from backline.live.rtmp import amf, messages
from backline.live.rtmp.faults import ProtocolFault
from backline.live.rtmp.messages import Payload

_MOST_VALUES = 500
_LONGEST_WORDS = 200


class Command(NamedTuple):
    """A command: its name, its transaction, and what follows (a command object at first)."""

    name: str
    transaction: float
    arguments: list[amf.Value]

    def text(self, at: int) -> str:
        """The argument at a place if it is a text, else an empty one."""
        found = self.arguments[at] if at < len(self.arguments) else None
        return found if isinstance(found, str) else ""

    def fields(self, at: int) -> dict[str, amf.Value]:
        """The argument at a place if it is an object, else an empty one."""
        found = self.arguments[at] if at < len(self.arguments) else None
        return found if isinstance(found, dict) else {}


def read(kind: int, payload: Payload) -> Command:
    """The command that a message holds, also in AMF3's wrapping.

    Raises:
        ProtocolFault: it holds none.
    """
    values = amf.decode(_unwrapped(kind, payload), most=_MOST_VALUES)
    name = values[0] if values else None
    if not isinstance(name, str):
        raise ProtocolFault("A command has no name.")
    transaction = values[1] if len(values) > 1 else None
    number = transaction if isinstance(transaction, float) else 0.0
    return Command(name, number, values[2:])


def _unwrapped(kind: int, payload: Payload) -> Payload:
    """AMF3's command messages are AMF0 after a zero."""
    is_wrapped = kind in {messages.COMMAND_AMF3, messages.DATA_AMF3} and payload[:1] == b"\x00"
    return payload[1:] if is_wrapped else payload


def status(level: str, code: str, description: str) -> dict[str, amf.Value]:
    """The object of `onStatus` and of answers to `connect`."""
    return {"level": level, "code": code, "description": description}


def words(fields: dict[str, amf.Value], secret: str) -> str:
    """What a status says, as one line without the secret in it."""
    said = [fields.get("description"), fields.get("code")]
    texts = [one for one in said if isinstance(one, str) and one]
    line = f"{texts[0]} ({texts[1]})" if len(texts) > 1 else "".join(texts)
    if secret:
        line = line.replace(secret, "…")
    clean = "".join(letter if letter.isprintable() else " " for letter in line)
    return clean[:_LONGEST_WORDS].strip()
