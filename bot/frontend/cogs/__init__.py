"""The commands, by area: each parses what came in, calls `bot.app`, shows the reply."""

from bot.frontend.cogs.ask import AskCog
from bot.frontend.cogs.cluster import ClusterCog
from bot.frontend.cogs.daily import DailyCog
from bot.frontend.cogs.help import Help
from bot.frontend.cogs.interview import InterviewCog
from bot.frontend.cogs.labs import LabCog
from bot.frontend.cogs.lesson import LessonCog
from bot.frontend.cogs.manifest import ManifestCog
from bot.frontend.cogs.packs import PackCog
from bot.frontend.cogs.privacy import PrivacyCog
from bot.frontend.cogs.progress import ProgressCog
from bot.frontend.cogs.quiz import QuizCog
from bot.frontend.cogs.reach import ReachCog
from bot.frontend.cogs.report import ReportCog
from bot.frontend.cogs.reports import ReportsCog
from bot.frontend.cogs.review import ReviewCog
from bot.frontend.cogs.rewards import RewardsCog
from bot.frontend.cogs.rounds import RoundsCog
from bot.frontend.cogs.settings import SettingsCog

COGS = (
    RoundsCog,
    InterviewCog,
    LessonCog,
    QuizCog,
    LabCog,
    ReviewCog,
    ProgressCog,
    AskCog,
    ManifestCog,
    ClusterCog,
    ReachCog,
    PackCog,
    ReportCog,
    ReportsCog,
    PrivacyCog,
    SettingsCog,
    DailyCog,
    RewardsCog,
    Help,
)
