"""Roles for what is mastered: chosen by hosts, offered to learners, given and taken, in simcord's world."""

from __future__ import annotations

from typing import Any

import discord
import pytest
import simcord

from bot.learning.hosting import Reward
from bot.learning.mastery import Standing
from bot.learning.rewards import Wish
from bot.storage import Storage, abilities, rewards, visibility
from tests.bot.screen import buttons, parts, text

SKILL = "svc-selector-match"


@pytest.fixture
def keeper(simcord_env: simcord.Env, channel: simcord.ChannelHandle) -> simcord.MemberActor:
    """A host who may also give roles by hand."""
    may = discord.Permissions(manage_guild=True, manage_roles=True)
    role = simcord_env.guild.create_role("Keepers", permissions=may)
    return simcord_env.guild.add_member(simcord_env.create_user("keeper"), roles=[role])


@pytest.fixture
def expert(simcord_env: simcord.Env, keeper: simcord.MemberActor) -> simcord.RoleHandle:
    return simcord_env.guild.create_role("Expert")


async def mastered(storage: Storage, learner: simcord.MemberActor, to: Standing = Standing.MASTERED) -> None:
    await storage.write(lambda db: abilities.set_standing(db, learner.id, SKILL, to))


async def offered(storage: Storage, env: simcord.Env, role: simcord.RoleHandle) -> None:
    """The server gives the role for one skill."""
    await storage.write(lambda db: rewards.add(db, env.guild.id, Reward(role.id, skills=1)))


def roles_of(env: simcord.Env, person: simcord.MemberActor) -> set[int]:
    return set(env.backend.get_member(env.guild.id, person.id).role_ids)


def followed(result: simcord.InteractionResult) -> str:
    """What the person read after the answer proper."""
    return "\n".join(text(message) for message in result.followups)


async def opened(host: simcord.MemberActor, channel: simcord.ChannelHandle) -> Any:
    shown = (await host.slash(channel, "settings")).response
    await host.click(shown, label="Roles")
    return shown


async def test_a_host_chooses_a_role_and_what_it_is_for(
    simcord_env: simcord.Env, keeper: simcord.MemberActor, expert: simcord.RoleHandle, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """Picked, then what for; listed in words; taken out again by its name."""
    second = simcord_env.guild.create_role("Services `pro`")
    shown = await opened(keeper, channel)
    assert "- None" in text(shown)
    await keeper.select(shown, [expert], custom_id="portside.settings-roles-pick")
    assert f"What has to be mastered for <@&{expert.id}>?" in text(shown)
    await keeper.select(shown, ["skills.1"], custom_id=f"portside.settings-roles-add:{expert.id}")
    await keeper.select(shown, [second], custom_id="portside.settings-roles-pick")
    await keeper.select(shown, ["topic.services"], custom_id=f"portside.settings-roles-add:{second.id}")
    assert f"- <@&{expert.id}> for mastering 1 skill" in text(shown)
    assert f"- <@&{second.id}> for mastering every skill of services" in text(shown)
    assert "people keep the role" in text(shown)
    await keeper.click(shown, label="Take it back meanwhile")
    assert "the role is taken back until it is mastered again" in text(shown)
    labels = [option["label"] for part in parts(shown) for option in part.get("options") or ()]
    assert labels == ["Expert", "Services `pro`"]
    await keeper.select(shown, [str(expert.id)], custom_id="portside.settings-roles-remove")
    await keeper.click(shown, label="Back to all settings")
    assert f"<@&{expert.id}>" not in text(shown)
    assert f"<@&{second.id}>" in text(shown)


async def test_there_can_be_five(
    simcord_env: simcord.Env, keeper: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """The sixth is refused by the absence of the menu."""
    for number in range(5):
        await offered(storage, simcord_env, simcord_env.guild.create_role(f"Role {number}"))
    shown = await opened(keeper, channel)
    assert "as many as there can be" in text(shown)
    assert "portside.settings-roles-pick" not in [part.get("custom_id") for part in parts(shown)]


async def test_roles_that_cannot_be_rewards(
    simcord_env: simcord.Env, keeper: simcord.MemberActor, host: simcord.MemberActor, expert: simcord.RoleHandle,
    channel: simcord.ChannelHandle,
) -> None:  # fmt: skip
    """A role with powers, one of a bot, one that the host could not give by hand: each with its reason, and nothing is kept."""
    guild = simcord_env.guild
    powerful = guild.create_role("Helpers", permissions=discord.Permissions(moderate_members=True))
    above = guild.create_role("Above")
    order = [{"id": str(above.id), "position": 20}]
    simcord_env.backend.reorder_roles(guild.id, order)
    shown = await opened(keeper, channel)
    bots_own = next(role for name, role in guild.roles.items() if name == simcord_env.bot.user.name)
    for role, reason in (
        (powerful, "lets people moderate or manage"),
        (bots_own, "only Discord itself gives it"),
        (above, "You could not give this role by hand"),
    ):
        refused = await keeper.select(shown, [role], custom_id="portside.settings-roles-pick")
        assert refused.ephemeral
        assert reason in text(refused.response)
    theirs = await opened(host, channel)
    refused = await host.select(theirs, [expert], custom_id="portside.settings-roles-pick")
    assert "You could not give this role by hand" in text(refused.response), "Manage Server alone hands out no roles"
    assert "- None" in text((await keeper.slash(channel, "settings")).response)


async def test_a_learner_is_asked_once_and_then_given_the_role(
    simcord_env: simcord.Env, ada: simcord.MemberActor, expert: simcord.RoleHandle, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """Privately, after whatever they did; nothing is given before the yes."""
    await offered(storage, simcord_env, expert)
    assert followed(await ada.slash(channel, "progress")) == ""
    await mastered(storage, ada)
    acted = await ada.slash(channel, "progress")
    assert "You have earned a role on this server" in followed(acted)
    [offer] = acted.followups
    assert roles_of(simcord_env, ada) == set()
    assert followed(await ada.slash(channel, "progress")) == "", "nobody is asked twice"

    said = await ada.click(offer, label="Yes")
    assert len(said.followups) == 1, "what follows from a click is looked at once"
    assert roles_of(simcord_env, ada) == {expert.id}
    assert f"You now have <@&{expert.id}> on this server" in followed(said)
    shown = await ada.slash(channel, "roles")
    assert f"<@&{expert.id}> for mastering 1 skill: ✓ yours" in text(shown.response)
    await ada.click(shown.response, label="Wear none")
    assert roles_of(simcord_env, ada) == set()
    await ada.slash(channel, "progress")
    assert roles_of(simcord_env, ada) == set()


async def test_who_is_on_the_leaderboard_has_said_so(
    simcord_env: simcord.Env, ada: simcord.MemberActor, bob: simcord.MemberActor, expert: simcord.RoleHandle,
    channel: simcord.ChannelHandle, storage: Storage,
) -> None:  # fmt: skip
    """Ada is seen there and is given the role at once; Bob, who says no, gets none and is not asked again."""
    await offered(storage, simcord_env, expert)
    await storage.write(lambda db: visibility.set_to(db, ada.id, [simcord_env.guild.id]))
    for learner in (ada, bob):
        await mastered(storage, learner)
    await ada.slash(channel, "progress")
    assert roles_of(simcord_env, ada) == {expert.id}
    [offer] = (await bob.slash(channel, "progress")).followups
    await bob.click(offer, label="No")
    assert followed(await bob.slash(channel, "progress")) == ""
    assert roles_of(simcord_env, bob) == set()


async def test_an_answer_that_masters_the_skill_gives_the_role(
    simcord_env: simcord.Env, ada: simcord.MemberActor, expert: simcord.RoleHandle, channel: simcord.ChannelHandle, storage: Storage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """By a button of a quiz, in that very click."""
    monkeypatch.setattr("bot.app.answers.standing", lambda _: Standing.MASTERED)
    await offered(storage, simcord_env, expert)
    await storage.write(lambda db: rewards.set_wish(db, ada.id, simcord_env.guild.id, rewards.Wish.YES))
    quiz = await ada.slash(channel, "quiz", topic="services", length=2)
    for _ in range(2):
        clicked = await ada.click(quiz.response, label="A")
        await ada.click(quiz.response, label=buttons(quiz.response)[0])
    assert roles_of(simcord_env, ada) == {expert.id}
    assert clicked.response is not None


async def test_a_skill_that_opens_again(
    simcord_env: simcord.Env, ada: simcord.MemberActor, keeper: simcord.MemberActor, expert: simcord.RoleHandle,
    channel: simcord.ChannelHandle, storage: Storage,
) -> None:  # fmt: skip
    """The role stays, unless the host chose otherwise; then the learner is told why, and it comes back."""
    await offered(storage, simcord_env, expert)
    await storage.write(lambda db: rewards.set_wish(db, ada.id, simcord_env.guild.id, rewards.Wish.YES))
    await mastered(storage, ada)
    await ada.slash(channel, "progress")
    await mastered(storage, ada, Standing.REOPENED)
    await ada.slash(channel, "progress")
    assert roles_of(simcord_env, ada) == {expert.id}
    await keeper.click(await opened(keeper, channel), label="Take it back meanwhile")
    told = await ada.slash(channel, "progress")
    assert roles_of(simcord_env, ada) == set()
    assert "rests for now: a skill that it counts is open again" in followed(told)
    await mastered(storage, ada)
    await ada.slash(channel, "progress")
    assert roles_of(simcord_env, ada) == {expert.id}


async def test_what_a_moderator_takes_is_not_given_again(
    simcord_env: simcord.Env, ada: simcord.MemberActor, expert: simcord.RoleHandle, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """People decide over their server."""
    await offered(storage, simcord_env, expert)
    await storage.write(lambda db: rewards.set_wish(db, ada.id, simcord_env.guild.id, rewards.Wish.YES))
    await mastered(storage, ada)
    await ada.slash(channel, "progress")
    simcord_env.backend.remove_member_role(simcord_env.guild.id, ada.id, expert.id)
    await ada.slash(channel, "progress")
    assert roles_of(simcord_env, ada) == set()


async def test_a_role_above_the_bots_own_or_without_the_permission(
    simcord_env: simcord.Env, ada: simcord.MemberActor, keeper: simcord.MemberActor, expert: simcord.RoleHandle,
    channel: simcord.ChannelHandle, storage: Storage,
) -> None:  # fmt: skip
    """Nothing fails: the host reads how to mend it, the learner that it will come; once mended it is given at the next command."""
    guild = simcord_env.guild
    await offered(storage, simcord_env, expert)
    await storage.write(lambda db: rewards.set_wish(db, ada.id, guild.id, rewards.Wish.YES))
    await mastered(storage, ada)
    bots_own = next(role for name, role in guild.roles.items() if name == simcord_env.bot.user.name)
    simcord_env.backend.edit_role(guild.id, bots_own.id, {"permissions": discord.Permissions(send_messages=True).value})
    assert "I lack *Manage Roles*" in text((await keeper.slash(channel, "settings")).response)
    await ada.slash(channel, "progress")
    assert "I may not give this role at present" in text((await ada.slash(channel, "roles")).response)
    simcord_env.backend.edit_role(guild.id, bots_own.id, {"permissions": discord.Permissions(manage_roles=True).value})
    simcord_env.backend.reorder_roles(guild.id, [{"id": str(expert.id), "position": 20}])
    assert "drag my role above it" in text((await keeper.slash(channel, "settings")).response)
    await ada.slash(channel, "progress")
    assert roles_of(simcord_env, ada) == set()
    simcord_env.backend.reorder_roles(guild.id, [{"id": str(expert.id), "position": 1}])
    await ada.slash(channel, "progress")
    assert roles_of(simcord_env, ada) == {expert.id}


async def test_what_discord_refuses_is_not_asked_with_every_click(
    simcord_env: simcord.Env, ada: simcord.MemberActor, expert: simcord.RoleHandle, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """Refusals count against a bot; one is enough for a while, and the learner's command works all the same."""
    await offered(storage, simcord_env, expert)
    await storage.write(lambda db: rewards.set_wish(db, ada.id, simcord_env.guild.id, rewards.Wish.YES))
    await mastered(storage, ada)
    simcord_env.inject_error("PUT", "/guilds/*/members/*/roles/*", status=403, code=50013, message="Missing Permissions", times=None)
    for _ in range(3):
        assert (await ada.slash(channel, "progress")).response is not None
    assert sum("/roles/" in request.path for request in simcord_env.http_requests) == 1
    assert await storage.read(lambda db: rewards.given(db, ada.id, simcord_env.guild.id)) == {}


async def test_a_server_without_rewards_says_so(ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """And where one's progress is."""
    assert "gives no roles" in text((await ada.slash(channel, "roles")).response)


async def test_who_looks_at_the_roles_is_asked_there_and_nowhere_else(
    simcord_env: simcord.Env, ada: simcord.MemberActor, expert: simcord.RoleHandle, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """The screen is the question."""
    await offered(storage, simcord_env, expert)
    await mastered(storage, ada)
    shown = await ada.slash(channel, "roles")
    assert "You have not said whether you want to wear them" in text(shown.response)
    assert followed(shown) == ""
    await ada.click(shown.response, label="Wear what I earn")
    assert roles_of(simcord_env, ada) == {expert.id}


async def test_a_bot_that_was_killed_while_it_gave_a_role(
    simcord_env: simcord.Env, ada: simcord.MemberActor, expert: simcord.RoleHandle, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """Before it reached Discord, the role is given the next time; after that, it is known to be ours and is taken off on demand."""
    await offered(storage, simcord_env, expert)
    await mastered(storage, ada)
    await storage.write(lambda db: rewards.set_wish(db, ada.id, simcord_env.guild.id, Wish.YES))
    await simcord_env.bot.app.reward_roles.giving(ada.id, simcord_env.guild.id, expert.id)
    await ada.slash(channel, "progress")
    assert roles_of(simcord_env, ada) == {expert.id}

    await simcord_env.bot.app.reward_roles.giving(ada.id, simcord_env.guild.id, expert.id)
    shown = await ada.slash(channel, "roles")
    await ada.click(shown.response, label="Wear none")
    assert roles_of(simcord_env, ada) == set()
