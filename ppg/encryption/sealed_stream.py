"""An encrypted file that is written and read piece by piece.

AES-256-GCM under a key derived for this one file. Each piece is sealed with its number and the last one is marked as
such, so that nothing can be changed, left out, put in another order or cut off without being noticed.
"""

from __future__ import annotations

import io
import secrets
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ppg.access.refusals import Refused

MAGIC = b"PPGBACKUP1"
PIECE = 64 * 1024


class Broken(Refused):
    """The file was changed, is not whole, or its key is missing."""


def _cipher(key: str, salt: bytes) -> AESGCM:
    derived = HKDF(hashes.SHA256(), 32, salt, b"ppg backup").derive(key.encode())
    return AESGCM(derived)


class Sealer(io.RawIOBase):
    """Writes pieces, each under the nonce of its number; `close()` writes the last one, marked as such."""

    def __init__(self, file: IO[bytes], key: str) -> None:
        self._file, self._number, self._waiting = file, 0, bytearray()
        self._head = MAGIC + secrets.token_bytes(16)
        self._box = _cipher(key, self._head[len(MAGIC) :])
        file.write(self._head)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._piece(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def _piece(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._box.encrypt(_nonce(self._number, last), plain, self._head))
        self._number += 1

    def close(self) -> None:
        if not self.closed:
            self._piece(bytes(self._waiting), last=True)
            super().close()


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


class Opener(io.RawIOBase):
    """Reads what a `Sealer` wrote; `Broken` at the first piece that is not as it was written."""

    def __init__(self, file: IO[bytes], keys: list[str]) -> None:
        self._file, self._number, self._ready, self._done = file, 0, b"", False
        self._head = file.read(len(MAGIC) + 16)
        if not self._head.startswith(MAGIC):
            raise Broken("This is not a backup of this product.")
        self._boxes = [_cipher(key, self._head[len(MAGIC) :]) for key in keys]
        self._next = file.read(PIECE + 16)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready and not self._done:
            self._piece()
        given = self._ready[: len(buffer)]
        buffer[: len(given)] = given
        self._ready = self._ready[len(given) :]
        return len(given)

    def _piece(self) -> None:
        sealed, self._next = self._next, self._file.read(PIECE + 16)
        last = not self._next
        for box in self._boxes:
            try:
                self._ready = box.decrypt(_nonce(self._number, last), sealed, self._head)
            except InvalidTag:
                continue
            self._boxes = [box]
            self._number += 1
            self._done = last
            return
        raise Broken("The backup cannot be read: it was changed or cut off, or its key is not among ours.")
