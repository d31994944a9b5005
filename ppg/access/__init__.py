"""Who may do what: the table of permissions, the mark on each view, and the sentence of a refusal."""
