"""Question packs, as data."""
