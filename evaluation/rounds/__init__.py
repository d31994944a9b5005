"""A group asked before, after and three months later: how and with what, personal links, reminders, answers, closing.

Those who answer by a card: `cards/`. What the questions count for: `measures/`."""
