"""Packs: what a session's handouts are, made for each person, sent by e-mail or handed over on paper."""
