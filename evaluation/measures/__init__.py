"""What is asked before and after, as data: the measure that ships, others that are entered, and how they are scored."""
