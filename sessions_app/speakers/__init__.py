"""Speakers from services: asked, confirmed, how to reach them."""
