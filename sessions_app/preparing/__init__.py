"""The page that prepares a session: what to bring, print and open, who comes and what they need. Other apps add to it."""
