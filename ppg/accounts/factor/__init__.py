"""The second factor: an authenticator app or a passkey, recovery codes beside it, and who asks for it when."""
