"""The bot as a process of its own against a Discord-compatible server: restarts by kill -9, network faults, load."""
