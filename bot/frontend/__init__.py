"""Discord, and the only room that knows it: parse what came in, call `bot.app`, show the reply."""
