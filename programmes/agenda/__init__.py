"""What a guide's agenda and a session's have in common: minutes, prompts, fields, what changed between two."""
