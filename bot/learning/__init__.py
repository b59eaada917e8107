"""The pure model of learning: items, grading, sessions as values, mastery, review. Time and chance are arguments."""
