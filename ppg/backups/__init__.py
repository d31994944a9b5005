"""Backups and how they are put back; the ledger of the erased, which every restore reads."""
