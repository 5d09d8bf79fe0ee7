"""Draws the pictures of the demo village: ``PYTHONPATH=scripts .venv/bin/python -m pictures``."""
