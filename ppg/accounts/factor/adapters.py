"""What allauth's second factor asks us."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter

from ppg.encryption import crypto
from ppg.models import User
from ppg.service_details import service


class SecondFactorAdapter(DefaultMFAAdapter):
    """The secrets of apps and codes lie encrypted; apps and browsers show the service's public name."""

    def get_totp_issuer(self) -> str:
        return service.current().name

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": service.current().name}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {"id": user.code.encode(), "display_name": user.name, "name": user.email}
