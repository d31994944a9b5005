"""The draft of a guide: begun, changed, published or thrown away. Two who do it at once are noticed."""
