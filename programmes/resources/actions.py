"""Films, documents and things: where they are found. One row serves every guide and session that names it."""

from __future__ import annotations

import logging
from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.links.codes import new_code
from ppg.models import User
from programmes.editing import actions as editing
from programmes.models import Guide, Resource
from programmes.resources import files

log = logging.getLogger(__name__)


def save_resource(
    *, resource: Resource, by: User, upload: File | None = None, remove_file: bool = False, **fields: Any
) -> Resource:
    """Changes a resource. A new file takes the old one's place, which is deleted once the change is kept."""
    store, old = resource.file.storage, resource.file.name
    made = ""
    try:
        with transaction.atomic():
            for name, value in fields.items():
                setattr(resource, name, value)
            if upload:
                kind = files.kind_of(upload)
                made = _stored(store, f"resources/{new_code()}.{kind}", upload)
                resource.file.name, resource.file_name = made, files.download_name(upload.name or "", kind)
            elif remove_file:
                resource.file.name, resource.file_name = "", ""
            resource.save()
            changed = [*fields, *(["file"] if upload or remove_file else [])]
            audit.record(by, audit.Verb.CHANGED, resource, fields=changed)
            if old and old != resource.file.name:
                transaction.on_commit(lambda: store.delete(old))
    except BaseException:
        if made:
            store.delete(made)
        raise
    return resource


def _stored(store: Storage, name: str, upload: File) -> str:
    try:
        return store.save(name, upload)
    except OSError as why:
        log.error("An uploaded file could not be stored: %s", why)
        raise Refused(_("The file could not be saved just now, and nothing was changed. Try again later.")) from None


@transaction.atomic
def add_resource(*, guide: Guide, take_home: bool, by: User, upload: File | None = None, **fields: Any) -> Resource:
    """A new resource, on the draft's list of handouts if people take it home. The draft is looked for first, so that
    no file is stored that nothing names."""
    if take_home:
        editing.the_draft(editing.locked(guide, by))
    slug = f"{slugify(fields['title'])[:40]}-{new_code()[:6]}".strip("-")
    resource = save_resource(resource=Resource(slug=slug), by=by, upload=upload, **fields)
    if take_home:
        editing.set_handouts(guide=guide, do="add", resource=resource, by=by)
    return resource
