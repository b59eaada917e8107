"""The practice page in headless Chromium, as somebody without a Discord token meets it."""
