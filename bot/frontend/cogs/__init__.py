"""The commands, by area: each parses what came in, calls `bot.app`, shows the reply."""

from bot.frontend.cogs.cluster import ClusterCog
from bot.frontend.cogs.help import Help
from bot.frontend.cogs.lesson import LessonCog
from bot.frontend.cogs.manifest import ManifestCog
from bot.frontend.cogs.quiz import QuizCog

COGS = (LessonCog, QuizCog, ManifestCog, ClusterCog, Help)
