"""What the council says to everybody, each text at an address of its own. Changing a text: `wordings`."""
