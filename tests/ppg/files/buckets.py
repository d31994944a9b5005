"""A store that speaks S3's language, on loopback: moto's server, which keeps what it is given in memory."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

import boto3
from moto.server import ThreadedMotoServer

from ppg import environment

KEY, SECRET, REGION = "AKIAGROUPS", "a/secret+with@signs", "eu-west-2"
QUOTED = "a%2Fsecret%2Bwith%40signs"


class Server:
    """Started once for a module; `bucket()` makes an empty bucket and gives its address as PPG_STORE has it."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.address = f"http://{host}:{port}"

    def bucket(self, name: str) -> str:
        self.client().create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        return f"http://{KEY}:{QUOTED}@{urlsplit(self.address).netloc}/{name}/groups?region={REGION}"

    def client(self) -> Any:
        given = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET, "region_name": REGION}
        return boto3.client("s3", endpoint_url=self.address, **given)

    def names(self, bucket: str) -> list[str]:
        return [one["Key"] for one in self.client().list_objects_v2(Bucket=bucket).get("Contents", [])]

    def stop(self) -> None:
        self.server.stop()


def storage(address: str, what: str) -> dict[str, Any]:
    """As settings.py has it."""
    return {"BACKEND": "ppg.files.bucket.Bucket", "OPTIONS": environment.bucket("http")(address).options(what)}
