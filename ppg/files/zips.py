"""ZIP files from outside, looked at before `zipfile` makes anything of them: small outside, they can be huge inside.

`zipfile` reads the whole table of contents first and an object comes of every line, so its length is looked at here.
"""

from __future__ import annotations

import struct
import zipfile
from typing import IO

END = struct.Struct("<4s4H2LH")  # signature, four numbers, the table's length, where it begins, length of a comment
NOTE = struct.Struct("<4sLQL")  # signature, which disk, where the next one stands, how many disks
LARGE = struct.Struct("<4sQ2H2L4Q")  # the same as END for large files; some programs write it for small ones too
ONE_LINE = 46  # bytes of the table, at the least, for each file in it
OUR_WAYS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # others may ask for as much memory as they like


class Unfit(ValueError):
    """No ZIP, or one that no office program writes."""


class TooMuch(ValueError):
    """More in it than there may be."""


def opened(file: IO[bytes], *, most_files: int, most_unpacked: int) -> zipfile.ZipFile:
    """The archive, with as many files at most and as many bytes when unpacked: `zipfile` unpacks no more of a file
    than its table says. To be closed by the caller."""
    if length_of_table(file) > most_files * ONE_LINE * 5:  # names, times and the rest beside them
        raise TooMuch
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unfit from error
    parts = archive.infolist()
    if len(parts) > most_files or sum(part.file_size for part in parts) > most_unpacked:
        archive.close()
        raise TooMuch
    if not {part.compress_type for part in parts} <= OUR_WAYS:
        archive.close()
        raise Unfit
    return archive


def length_of_table(file: IO[bytes]) -> int:
    """From the last bytes of the file. A comment after them could lead `zipfile` to another table than this one, and so
    could a note of a large file that stands anywhere but right before them; office programs write neither."""
    size = file.seek(0, 2)
    at = size - END.size
    file.seek(max(at - NOTE.size - LARGE.size, 0))
    tail = file.read()
    file.seek(0)
    if at < 0:
        raise Unfit
    signature, *_numbers, length, _begins, comment = END.unpack(tail[-END.size :])
    if signature != b"PK\x05\x06" or comment:
        raise Unfit
    note, large = tail[-END.size - NOTE.size : -END.size], tail[: LARGE.size]
    if note.startswith(b"PK\x06\x07"):
        where = at - NOTE.size - LARGE.size
        if where < 0 or NOTE.unpack(note)[2] != where or not large.startswith(b"PK\x06\x06"):
            raise Unfit
        return int(max(length, LARGE.unpack(large)[-2]))
    return int(length)
