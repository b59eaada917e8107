"""One module per thing a learner can do. Each takes plain values, and answers with a Reply."""

from bot.app.app import App

__all__ = ["App"]
