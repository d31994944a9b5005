"""The page that prepares a session: what to bring, print, open; who comes and what they need. Other apps add to it."""
