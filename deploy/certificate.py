"""certificate.py CERTIFICATE KEY HOST...: says in a sentence why these files do not do for these hosts."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


def why_not(certificate: Path, key: Path, hosts: list[str], now: datetime) -> str:
    try:
        first = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
    except (OSError, ValueError):
        return f"{certificate} is no certificate in PEM: text that begins with -----BEGIN CERTIFICATE-----."
    try:
        private = load_pem_private_key(key.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        return f"{key} is no private key in PEM without a password."
    shape = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if private.public_key().public_bytes(*shape) != first.public_key().public_bytes(*shape):
        return f"{key} is not the key of {certificate}. The server's own certificate comes first in that file."
    if now > first.not_valid_after_utc:
        return f"{certificate} ran out on {first.not_valid_after_utc:%d.%m.%Y}."
    if now < first.not_valid_before_utc:
        return f"{certificate} begins on {first.not_valid_before_utc:%d.%m.%Y}."
    try:
        names = first.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return f"{certificate} names no host (it has no subject alternative name)."
    covered = {*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))}
    missing = [host for host in hosts if host not in covered and "*." + host.partition(".")[2] not in covered]
    return f"{certificate} does not name {' and '.join(missing)}." if missing else ""


def main() -> None:
    certificate, key, *hosts = sys.argv[1:]
    if why := why_not(Path(certificate), Path(key), hosts, datetime.now(UTC)):
        sys.exit(why)


if __name__ == "__main__":
    main()
