"""The audit trail: written, sealed into a chain, kept by the database's rights, searched."""
