"""The form itself, for the people asked: answered by a link, and sealed. On a tablet: tablet/; on paper: paper/."""
