"""An answer caught whole on its way out; one that streams is let through as it comes."""

from backline.platform.http.asgi import Message, Send
from backline.platform.http.headers import Headers


class Capture:
    """Stands in for `send`. After the app has run, either the answer is here or it `passed`."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self.passed = False
        self.status = 0
        self.headers: Headers = []
        self.body = b""

    @property
    def is_whole(self) -> bool:
        """Whether an answer came and was held back."""
        return self._start is not None and not self.passed

    async def __call__(self, message: Message) -> None:
        """Take one message of the app."""
        if message["type"] == "http.response.start" and self._start is None:
            self._start = message
            self.status, self.headers = message["status"], list(message.get("headers", ()))
        elif self.passed:
            await self._send(message)
        elif message.get("more_body", False) and self._start is not None:
            self.passed = True
            await self._send(self._start)
            await self._send(message)
        else:
            self.body += message.get("body", b"")

    async def release(self) -> None:
        """Send what was held back, as it came."""
        if self._start is None or self.passed:
            return
        self.passed = True
        await self._send({**self._start, "headers": self.headers})
        await self._send({"type": "http.response.body", "body": self.body, "more_body": False})
