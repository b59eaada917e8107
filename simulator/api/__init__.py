"""The vocabulary of the simulator: frozen values that every other room speaks in, and nothing that decides."""
