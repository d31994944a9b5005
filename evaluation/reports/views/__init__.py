"""The pages of a report: writing it, what stands beside its text, publishing, and published versions."""
