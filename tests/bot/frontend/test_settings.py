"""`/settings` as a host uses it, and what it keeps others from, in simcord's world."""

from __future__ import annotations

from collections.abc import Callable

import discord
import simcord

from bot.frontend.client import Bot
from bot.storage import Storage, servers
from tests.bot.screen import buttons, text


async def test_only_hosts_see_the_command(host: simcord.MemberActor, ada: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """Discord hides it from everybody else."""
    assert "settings" in host.available_commands(channel)
    assert "settings" not in ada.available_commands(channel)


async def test_all_settings_stand_on_one_screen(host: simcord.MemberActor, channel: simcord.ChannelHandle) -> None:
    """In plain words, for the host alone, with a way to change each."""
    shown = await host.slash(channel, "settings")

    assert shown.ephemeral
    assert "## Settings of this server" in text(shown.response)
    assert "- Where: every channel" in text(shown.response)
    assert "- Who may start one: everybody" in text(shown.response)
    await host.click(shown.response, label="Rounds and drills")
    await host.click(shown.response, label="Back to all settings")
    assert "## Settings of this server" in text(shown.response)


async def test_a_button_outlives_a_permission(
    simcord_env: simcord.Env, host: simcord.MemberActor, channel: simcord.ChannelHandle, storage: Storage
) -> None:
    """Who is no longer a host is told so at the next click, and nothing changes."""
    shown = await host.slash(channel, "settings")
    await host.click(shown.response, label="Rounds and drills")
    simcord_env.backend.remove_member_role(simcord_env.guild.id, host.id, simcord_env.guild.roles["Hosts"].id)

    refused = await host.click(shown.response, label="Moderators only")

    assert "people who have *Manage Server*" in text(refused.response)
    assert (await storage.read(lambda db: servers.of(db, simcord_env.guild.id))).starters == "everybody"


async def test_channels_are_chosen_and_kept_to(
    simcord_env: simcord.Env, host: simcord.MemberActor, ada: simcord.MemberActor, channel: simcord.ChannelHandle,
    new_bot: Callable[[], Bot],
) -> None:  # fmt: skip
    """Elsewhere the commands say where to go, after a restart too; `Everywhere` lifts it."""
    lobby = simcord_env.guild.create_text_channel("lobby")
    shown = await host.slash(channel, "settings")
    await host.click(shown.response, label="Rounds and drills")
    await host.select(shown.response, [lobby], custom_id="portside.settings-channels")
    assert f"- Where: <#{lobby.id}> and nowhere else" in text(shown.response)

    await simcord_env.restart_bot(new_bot())
    for command in ("quiz-round", "interview"):
        refused = await ada.slash(channel, command)
        assert refused.ephemeral
        assert f"are started in <#{lobby.id}>" in text(refused.response)
    assert "Quiz round" in text((await ada.slash(lobby, "quiz-round", length=1)).response)

    await host.click(shown.response, label="Everywhere")
    assert "- Where: every channel" in text(shown.response)
    assert "Quiz round" in text((await ada.slash(channel, "quiz-round", length=1)).response)


async def test_only_moderators_or_a_role_may_begin(
    simcord_env: simcord.Env, host: simcord.MemberActor, ada: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    """Others are told kindly who may; what a moderator is stands on the screen."""
    moderating = simcord_env.guild.create_role("Mods", permissions=discord.Permissions(manage_messages=True))
    tutors = simcord_env.guild.create_role("Tutors")
    mod = simcord_env.guild.add_member(simcord_env.create_user("mod"), roles=[moderating])
    tutor = simcord_env.guild.add_member(simcord_env.create_user("tutor"), roles=[tutors])
    shown = await host.slash(channel, "settings")
    await host.click(shown.response, label="Rounds and drills")

    await host.click(shown.response, label="Moderators only")
    assert "moderators (who have *Manage Messages*)" in text(shown.response)
    assert "are started by moderators" in text((await ada.slash(channel, "quiz-round")).response)
    await host.select(shown.response, [tutors], custom_id="portside.settings-role")
    assert f"people with the role <@&{tutors.id}>, and moderators" in text(shown.response)
    refused = await ada.slash(channel, "interview")
    assert refused.ephemeral
    assert f"by people with the role <@&{tutors.id}> and by moderators" in text(refused.response)

    lobby = await tutor.slash(channel, "quiz-round", length=1)
    assert "Quiz round" in text(lobby.response)
    await tutor.click(lobby.response, label="Cancel")
    assert "Quiz round" in text((await mod.slash(channel, "quiz-round", length=1)).response)
    await host.select(shown.response, [], custom_id="portside.settings-role")
    assert "- Who may start one: everybody" in text(shown.response)


async def test_the_level_of_a_round_for_which_nobody_chooses_one(
    host: simcord.MemberActor, ada: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    """The server's level is taken, unless one is chosen, or there are no questions of it."""
    shown = await host.slash(channel, "settings")
    await host.click(shown.response, label="Rounds and drills")
    for level, chosen, count in (("advanced", {}, 1), ("advanced", {"level": "beginner"}, 2), ("architect", {}, 3)):
        await host.select(shown.response, [level], custom_id="portside.settings-level")
        assert f"- Level, unless somebody chooses one: {level}" in text(shown.response)
        lobby = await ada.slash(channel, "quiz-round", **chosen)
        assert f"\n{count} question{'s' if count > 1 else ''}, " in text(lobby.response)
        await ada.click(lobby.response, label="Cancel")


async def test_what_is_gone_or_not_allowed_is_said(
    simcord_env: simcord.Env, host: simcord.MemberActor, ada: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    """A channel that was deleted, a role that was, a channel in which the bot may not write."""
    guild = simcord_env.guild
    closed = guild.create_text_channel(
        "closed", overwrites={guild.default_role: discord.PermissionOverwrite(send_messages=False, create_private_threads=False)}
    )
    doomed, role = guild.create_text_channel("doomed"), guild.create_role("Doomed")
    shown = await host.slash(channel, "settings")
    await host.click(shown.response, label="Rounds and drills")
    await host.select(shown.response, [role], custom_id="portside.settings-role")
    await host.select(shown.response, [closed], custom_id="portside.settings-channels")
    assert f"In <#{closed.id}> I lack *Send Messages, Create Private Threads*" in text(shown.response)

    await host.select(shown.response, [doomed], custom_id="portside.settings-channels")
    await simcord_env.bot.get_channel(doomed.id).delete()
    await simcord_env.bot.get_guild(guild.id).get_role(role.id).delete()
    again = await host.slash(channel, "settings")
    assert "A chosen channel is no longer there" in text(again.response)
    assert "The chosen role is no longer there" in text(again.response)
    assert "can choose others in `/settings`" in text((await ada.slash(channel, "quiz-round")).response)
    await host.click(again.response, label="Rounds and drills")
    assert buttons(again.response) == ["Everywhere", "Everybody", "Moderators only", "Back to all settings"]


async def test_a_thread_belongs_to_its_channel(
    simcord_env: simcord.Env, host: simcord.MemberActor, ada: simcord.MemberActor, channel: simcord.ChannelHandle
) -> None:
    """Where the channel is allowed, its threads are."""
    lobby = simcord_env.guild.create_text_channel("lobby")
    shown = await host.slash(channel, "settings")
    await host.click(shown.response, label="Rounds and drills")
    await host.select(shown.response, [lobby], custom_id="portside.settings-channels")
    for parent, said in ((lobby, "Quiz round"), (channel, f"are started in <#{lobby.id}>")):
        await simcord_env.bot.get_channel(parent.id).create_thread(name="aside", type=discord.ChannelType.public_thread)
        [thread] = parent.threads
        assert said in text((await ada.slash(thread, "quiz-round", length=1)).response)
