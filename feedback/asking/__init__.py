"""A form is put before a group and closed, and its box opened: after each session, and after the programme."""
