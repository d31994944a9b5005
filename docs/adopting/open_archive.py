"""Opens an archive that `manage.py take_out` wrote. Needs Python 3.9 or newer and `pip install cryptography`, and
nothing of the product:

    python3 open_archive.py FILE NEW.zip

The key is asked for, or taken from the variable PPG_BACKUP_KEY (several: with commas). The format, to write this anew
in another language:

    10 + 16 bytes   "PPGBACKUP1", then 16 random bytes: the salt. Both together are the head
    then pieces     65,536 bytes each and 16 bytes that prove them, the last one shorter

    key of the file HKDF with SHA-256, 32 bytes, of the key as it is written (base64 text, in UTF-8), with that salt
                    and the info "ppg backup"
    each piece      AES-256-GCM; its nonce is its number from 0 on (11 bytes, the highest first) and one byte, 1 for the
                    last piece and 0 for the others; the head is authenticated along with it

What comes out is a zip; a backup made by `manage.py backup` has the same outside, and gzip inside.
"""

import getpass
import os
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC, SALT, PIECE, PROOF = b"PPGBACKUP1", 16, 64 * 1024, 16


def pieces(file, keys):
    """What lies in the file, piece by piece. An error where it was changed, is cut off, or no key fits."""
    head = file.read(len(MAGIC) + SALT)
    if not head.startswith(MAGIC):
        raise ValueError("This is no archive of this product.")
    boxes = [AESGCM(HKDF(hashes.SHA256(), 32, head[len(MAGIC) :], b"ppg backup").derive(key.encode())) for key in keys]
    number, sealed = 0, file.read(PIECE + PROOF)
    while True:
        following = file.read(PIECE + PROOF)
        nonce = number.to_bytes(11, "big") + (b"\0" if following else b"\1")
        for box in boxes:
            try:
                plain = box.decrypt(nonce, sealed, head)
            except InvalidTag:
                continue
            boxes = [box]
            break
        else:
            raise ValueError("It cannot be opened: another key, or it was changed or cut off.")
        yield plain
        if not following:
            return
        number, sealed = number + 1, following


def main(source, target):
    typed = os.environ.get("PPG_BACKUP_KEY") or getpass.getpass("Key: ")
    keys = [key.strip() for key in typed.split(",") if key.strip()]
    done = False
    with open(source, "rb") as file, open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        try:
            for piece in pieces(file, keys):
                out.write(piece)
            done = True
        except ValueError as why:
            sys.exit(str(why))
        finally:
            if not done:
                os.unlink(target)
    print(f"{target}: open it with any program for zip files, and begin with README.txt.")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("python3 open_archive.py FILE NEW.zip")
    main(sys.argv[1], sys.argv[2])
