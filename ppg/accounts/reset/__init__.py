"""A new password for somebody who has forgotten theirs."""
