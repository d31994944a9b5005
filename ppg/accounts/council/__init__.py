"""Signing in with the council's own accounts, by OpenID Connect. Off unless PPG_COUNCIL_SIGN_IN says otherwise."""
