"""After a form has closed two people count the slips that were left, and its box is opened if they agree."""
