"""The page with all we hold about one person, and what happened in time order. What is added: `record_parts.py`."""
