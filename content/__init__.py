"""Lessons, labs and explanation pages, as data."""
