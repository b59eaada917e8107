"""Everything that learners can do, wired to what it needs.

Responsible for: who gets the library, the storage, the workers, the clock and the dice.
Leaves to others: making those (`bot.start`, `bot.practice`, tests), and every deed (the modules beside this one).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random

from bot.app.ask import Ask
from bot.app.ask_cluster import AskCluster
from bot.app.check_manifest import CheckManifest
from bot.app.daily_plan import DailyPlans
from bot.app.daily_question import DailyQuestion
from bot.app.export_items import ExportItems
from bot.app.judge_reports import JudgeReports
from bot.app.material import Material
from bot.app.migrate_ingress import MigrateIngress
from bot.app.place import Place
from bot.app.privacy import Privacy
from bot.app.questions import Questions
from bot.app.read_lesson import ReadLesson
from bot.app.replay_mistakes import ReplayMistakes
from bot.app.report_item import ReportItem
from bot.app.review_due import ReviewDue
from bot.app.reward_roles import RewardRoles
from bot.app.run_drill import RunDrill
from bot.app.run_round import RunRound
from bot.app.server_packs import ServerPacks
from bot.app.server_settings import ServerSettings
from bot.app.show_leaderboard import ShowLeaderboard
from bot.app.show_path import ShowPath
from bot.app.show_progress import ShowProgress
from bot.app.show_reach import ShowReach
from bot.app.sittings import Sittings
from bot.app.solve_lab import SolveLab
from bot.app.take_quiz import TakeQuiz
from bot.app.tell_reporters import TellReporters
from bot.app.trace_request import TraceRequest
from bot.app.workers import Workers
from bot.library import Library
from bot.storage import Storage


class App:
    """`clock` gives the present as an aware datetime in UTC; `random` is the only source of chance."""

    def __init__(self, library: Library, storage: Storage, workers: Workers, clock: Callable[[], datetime], random: Random) -> None:
        self.library, self.storage, self.workers, self.clock = library, storage, workers, clock
        self.read_lesson = ReadLesson(library, storage, workers, clock)
        self.questions = Questions(library, random)
        self.sittings = Sittings(library, self.questions, storage, workers, clock, random)
        self.take_quiz = TakeQuiz(library, self.questions, storage, self.sittings, random)
        self.review_due = ReviewDue(library, self.questions, storage, self.sittings, clock)
        self.replay_mistakes = ReplayMistakes(self.questions, storage, self.sittings)
        self.place = Place(library, storage, self.sittings, random)
        self.export_items = ExportItems(self.questions, storage)
        self.ask = Ask(library)
        self.server_packs = ServerPacks(library, self.questions, storage, workers, clock)
        self.show_leaderboard = ShowLeaderboard(storage, clock)
        self.show_path = ShowPath(library, storage)
        self.show_progress = ShowProgress(library, self.questions, storage, clock)
        self.solve_lab = SolveLab(library, storage, workers, clock, random)
        self.run_drill = RunDrill(self.questions, storage, clock, random)
        self.run_round = RunRound(library, self.questions, storage, workers, clock, random)
        self.check_manifest = CheckManifest(library, storage, workers, clock, random)
        self.ask_cluster = AskCluster(storage, workers)
        self.trace_request = TraceRequest(storage, workers, self.ask_cluster, clock, random)
        self.show_reach = ShowReach(storage, workers, self.ask_cluster)
        self.migrate_ingress = MigrateIngress(workers, self.ask_cluster)
        material = Material(library, self.questions)
        self.report_item = ReportItem(material, storage, clock)
        self.judge_reports = JudgeReports(material, storage, workers, clock)
        self.tell_reporters = TellReporters(material, storage)
        self.privacy = Privacy(storage, clock)
        self.daily_question = DailyQuestion(self.questions, storage, workers, clock, random)
        self.daily_plans = DailyPlans(storage, self.daily_question, clock)
        self.reward_roles = RewardRoles(library, storage, clock)
        self.server_settings = ServerSettings(storage, self.daily_plans, self.reward_roles)
