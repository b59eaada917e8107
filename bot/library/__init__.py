"""The library: teaching material from `content/` and `quizzes/`, read into learning's types, with every author's slip reported."""

from bot.library.faults import MaterialError, Slip
from bot.library.library import InventoryEntry, Library, Place
from bot.library.loader import load

__all__ = ["InventoryEntry", "Library", "MaterialError", "Place", "Slip", "load"]
