"""Pictures: facts in, PNG out. Each has its alt text and its text twin beside it in the message; colour never says anything alone."""
