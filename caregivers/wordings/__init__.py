"""The council's texts: those that ship, and how staff change and publish them."""
