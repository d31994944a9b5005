"""Before, after and three months later: measures and how they are scored, rounds, links, cards."""
