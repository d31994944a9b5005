"""The team of a group: who comes, who leaves, and who goes on with what they had open."""
