"""Questionnaires in other languages: which there are, translating them, and what a page says in one."""
