"""A mail server on this machine, for tests: it says what it is told to say and keeps what it took."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ANSWERS = {"RCPT": b"250 fine\r\n", "DATA": b"354 go on\r\n", "TEXT": b"250 taken\r\n"}


@dataclass
class Server:
    """`script[verb]` is the answer to RCPT, DATA or TEXT instead of yes; None hangs up without one (a text is taken
    even so). `delay` is called before a text is taken and after."""

    port: int = 0
    script: dict[str, bytes | None] = field(default_factory=dict)
    taken: list[tuple[str, str, str]] = field(default_factory=list)  # Message-ID, recipients, the whole text
    delay: Callable[[str], None] = lambda when: None


@contextmanager
def mail_server(**fields: object) -> Iterator[Server]:
    server = Server(**fields)

    class Talk(socketserver.StreamRequestHandler):
        def say(self, verb: str) -> bool:
            answer = server.script.get(verb, ANSWERS.get(verb, b"250 fine\r\n"))
            if answer is None:
                return False
            self.wfile.write(answer)
            return True

        def handle(self) -> None:
            try:
                self.talk()
            except OSError:  # the other side was killed
                pass

        def talk(self) -> None:
            self.wfile.write(b"220 here\r\n")
            to: list[str] = []
            while line := self.rfile.readline().decode():
                verb = line[:4].upper()
                if verb == "QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                if verb == "RCPT":
                    to.append(line.split(":", 1)[1].strip().strip("<>"))
                if not self.say(verb):
                    return
                if verb == "DATA" and "DATA" not in server.script:
                    text = self.text()
                    if text is None:  # killed in the middle: a server does not keep half a message
                        return
                    server.delay("before")
                    if (server.script.get("TEXT") or b"250").startswith(b"2"):
                        found = re.search(r"^Message-ID: <(.+?)@", text, re.M | re.I)
                        server.taken.append((found[1] if found else "", ",".join(to), text))
                    server.delay("after")
                    if not self.say("TEXT"):
                        return

        def text(self) -> str | None:
            lines = []
            while line := self.rfile.readline().decode(errors="replace"):
                if line == ".\r\n":
                    return "".join(lines)
                lines.append(line)
            return None

    class Quick(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Quick(("127.0.0.1", server.port), Talk) as listening:
        server.port = listening.server_address[1]
        threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server
        finally:  # left alone, its thread would turn round a closed socket for the rest of the run
            listening.shutdown()
