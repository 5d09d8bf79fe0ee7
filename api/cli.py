"""The command line: one group, one function for each command, every failure with its cause and the next step."""

import asyncio
import os
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click

from api.banner import complain
from api.startup import load_settings
from hub.account import UserRole
from storage.servers import StartupError

DEMO = {"demo": True, "data_dir": "dorfkiste-demo", "mongodb_database": "dorfkiste_demo", "rate_limit_factor": 20}
"""Demo data lives apart from real data, wherever that is; and a whole village comes from one address there."""


class Commands(click.Group):
    """Turns what keeps the hub from starting into two lines and exit code 78."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except StartupError as error:
            complain(error)
            sys.exit(error.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dorfkiste")
def main() -> None:
    """Dorfkiste: a self-hosted hub for neighbours who lend each other things."""


@main.command()
@click.option("--demo", is_flag=True, help="A village of demo neighbours, in a folder of its own.")
@click.option("--host", help="Address to listen on (127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on (8000); 0 takes a free one.")
@click.option("--workers", type=int, help="Processes that serve (1).")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder for data and secrets.")
@click.option("--no-timers", is_flag=True, help="Leave expiries to `dorfkiste worker`.")
def serve(demo: bool, no_timers: bool, **chosen: Any) -> None:
    """Serve the hub, with its own databases unless MONGODB_URI and REDIS_URL are set."""
    from api.serve import serve as run  # noqa: PLC0415 - `--help` should not load the server

    run(_chosen(demo, **chosen), timers=not no_timers)


@main.command()
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder of the hub's data.")
def worker(data_dir: Path | None) -> None:
    """Keep time only: expiries and reminders, beside hubs started with --no-timers."""
    from api.commands import keep_time_only  # noqa: PLC0415 - as above

    asyncio.run(keep_time_only(load_settings(**_chosen(demo=False, data_dir=data_dir))))


@main.command()
def doctor() -> None:
    """Look at everything the hub stands on; changes nothing."""
    from api.doctor import doctor_report  # noqa: PLC0415 - as above

    sys.exit(doctor_report(load_settings()))


@main.command("setup-link")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder of the hub's data.")
@click.option("--port", type=int, help="The port that `serve --port` was given (8000); BASE_URL goes before it.")
def setup(data_dir: Path | None, port: int | None) -> None:
    """Print a one-use link, good for 30 minutes, by which this hub gets its first admin."""
    from api.commands import new_setup_link  # noqa: PLC0415 - as above

    click.echo(asyncio.run(new_setup_link(load_settings(**_chosen(demo=False, data_dir=data_dir, port=port)))))


@main.group()
def admin() -> None:
    """Things only the operator may do."""


_DATA_DIR = click.option(
    "--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder of the hub's data."
)
_ROLE = click.argument("role", type=click.Choice([role.value for role in UserRole]))


@admin.command()
@click.argument("email")
@_ROLE
@_DATA_DIR
def grant(email: str, role: str, data_dir: Path | None) -> None:
    """Give the neighbour with this EMAIL a ROLE."""
    _change_role(email, role, data_dir, granted=True)


@admin.command()
@click.argument("email")
@_ROLE
@_DATA_DIR
def revoke(email: str, role: str, data_dir: Path | None) -> None:
    """Take a ROLE from the neighbour with this EMAIL."""
    _change_role(email, role, data_dir, granted=False)


@admin.command()
@click.argument("email")
@click.option("--lift", is_flag=True, help="Let them back in instead.")
@_DATA_DIR
def suspend(email: str, lift: bool, data_dir: Path | None) -> None:
    """Keep the neighbour with this EMAIL out, and end every sign-in of theirs."""
    from api.commands import suspend as set_suspension  # noqa: PLC0415 - as above

    settings = load_settings(**_chosen(demo=False, data_dir=data_dir))
    click.echo(asyncio.run(set_suspension(settings, email, suspended=not lift)))


@admin.command("sign-out")
@click.argument("email")
@_DATA_DIR
def sign_out(email: str, data_dir: Path | None) -> None:
    """End every sign-in of the neighbour with this EMAIL, live connections too."""
    from api.commands import sign_out_everywhere  # noqa: PLC0415 - as above

    settings = load_settings(**_chosen(demo=False, data_dir=data_dir))
    click.echo(asyncio.run(sign_out_everywhere(settings, email)))


def _change_role(email: str, role: str, data_dir: Path | None, *, granted: bool) -> None:
    from api.commands import change_role  # noqa: PLC0415 - as above

    settings = load_settings(**_chosen(demo=False, data_dir=data_dir))
    click.echo(asyncio.run(change_role(settings, email, UserRole(role), granted=granted)))


@admin.command()
@click.argument("email")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder of the hub's data.")
@click.confirmation_option(prompt="This cannot be undone. Erase this person?")
def erase(email: str, data_dir: Path | None) -> None:
    """Erase the neighbour with this EMAIL, who asked for it."""
    from api.commands import erase_by_email  # noqa: PLC0415 - as above

    click.echo(asyncio.run(erase_by_email(load_settings(**_chosen(demo=False, data_dir=data_dir)), email)))


@main.command("backup-key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_key(file: Path) -> None:
    """Make the key pair of backups: the secret key into FILE, to be kept elsewhere; prints the public one."""
    from api.backup import make_backup_key  # noqa: PLC0415 - as above

    click.echo(make_backup_key(file))


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keys", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the keys.")
@click.option("--to", help="Public key of `backup-key` (BACKUP_KEY).")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder of the hub's data.")
def backup(folder: Path, keys: Path, to: str | None, data_dir: Path | None) -> None:
    """Back up everything into FOLDER and the keys to it elsewhere, beside a running hub."""
    from api.backup import make_backup  # noqa: PLC0415 - as above

    settings = load_settings(**_chosen(demo=False, data_dir=data_dir, backup_key=to))
    if settings.backup_key is None:
        raise StartupError("There is no key to seal it for", "Make one with `dorfkiste backup-key FILE`.")
    for path in asyncio.run(make_backup(settings, folder, keys, settings.backup_key)):
        click.echo(path)


@main.command()
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("keys", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Secret key.")
@click.option("--erased", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="List of the erased.")
@click.option("--replace", is_flag=True, help="Give up what is in the database now.")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder of the hub's data.")
def restore(data: Path, keys: Path, key: Path, data_dir: Path | None, **how: Any) -> None:
    """Bring back the backup DATA with its KEYS, and erase again whoever was erased since."""
    from api.backup import Backup, restore_backup  # noqa: PLC0415 - as above

    settings = load_settings(**_chosen(demo=False, data_dir=data_dir))
    click.echo(asyncio.run(restore_backup(settings, Backup(data, keys), key, **how)))


@main.group()
def keys() -> None:
    """The hub's own keys."""


@keys.command()
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder of the hub's data.")
@click.option("--settle", default=20.0, show_default=True, help="Seconds that running hubs get to follow.")
def rotate(data_dir: Path | None, settle: float) -> None:
    """Seal the keys of all persons anew under a new key, beside running hubs; go on after an interruption."""
    from api.custody import rotate_hub_keys  # noqa: PLC0415 - as above

    click.echo(asyncio.run(rotate_hub_keys(load_settings(**_chosen(demo=False, data_dir=data_dir)), settle)))


@main.group()
def audit() -> None:
    """The audit log: who used which right on whom."""


@audit.command("verify")
@click.option("--head", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What `audit head` wrote.")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder of the hub's data.")
def verify_audit(head: Path | None, data_dir: Path | None) -> None:
    """Compute the chain anew; exit code 1 when an entry was changed or is missing."""
    from api.custody import check_audit  # noqa: PLC0415 - as above

    sound, words = asyncio.run(check_audit(load_settings(**_chosen(demo=False, data_dir=data_dir)), head))
    click.echo(words)
    sys.exit(not sound)


@audit.command("head")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder of the hub's data.")
def audit_head(data_dir: Path | None) -> None:
    """Print how far the log has come, signed: keep it on another machine."""
    from api.custody import export_head  # noqa: PLC0415 - as above

    click.echo(asyncio.run(export_head(load_settings(**_chosen(demo=False, data_dir=data_dir)))))


@audit.command()
@click.option("--since", type=click.DateTime(), required=True, help="UTC, from when on.")
@click.option("--until", type=click.DateTime(), help="UTC, until when (now).")
@click.option("--act", "acts", multiple=True, help="Only these acts, such as place_read.")
@click.option("--target", default="", help="Only about this rental, thing or session.")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder of the hub's data.")
def affected(data_dir: Path | None, **asked: Any) -> None:
    """List the people whom entries of a time concern: whom to tell after a breach (GDPR Art. 33, 34)."""
    from api.custody import affected_people  # noqa: PLC0415 - as above

    settings = load_settings(**_chosen(demo=False, data_dir=data_dir))
    for line in asyncio.run(affected_people(settings, **asked)):
        click.echo(line)


@main.command("verify-calendars")
@click.option("--data-dir", type=click.Path(file_okay=False, path_type=Path), help="Folder of the hub's data.")
def verify_calendars(data_dir: Path | None) -> None:
    """Compare every thing's calendar with its rentals; exit code 1 when one differs."""
    from api.commands import wrong_calendars  # noqa: PLC0415 - as above

    wrong = asyncio.run(wrong_calendars(load_settings(**_chosen(demo=False, data_dir=data_dir))))
    for line in wrong:
        click.echo(line)
    click.echo(f"{len(wrong)} calendars differ from their rentals" if wrong else "every calendar agrees")
    sys.exit(bool(wrong))


@main.command()
@click.argument("bundle", metavar="AGREEMENT.zip", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--lang", type=click.Choice(["de", "en"]), default="de", help="German or English.")
@click.option("--notary", metavar="HEX", help="The hub's notary key, if you know it: another one is refused.")
def verify(bundle: Path, lang: str, notary: str | None) -> None:
    """Say who signed what and when in AGREEMENT.zip; needs no hub and no network. Exit code 1 if it does not hold."""
    from api.verifying import verification  # noqa: PLC0415 - as above

    told, holds = verification(bundle, lang, notary)
    click.echo(told)
    sys.exit(not holds)


@main.command("docs")
@click.option("--check", is_flag=True, help="Compare only; exit code 1 when a document is out of date.")
def documents(check: bool) -> None:
    """Write the generated documents in docs/."""
    from api.docs import write_documents  # noqa: PLC0415 - as above

    stale = write_documents(Path("docs"), only_compare=check)
    for path in stale:
        click.echo(f"{path} {'is out of date: run scripts/docs' if check else 'written'}")
    sys.exit(bool(stale) if check else 0)


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def demo(arguments: tuple[str, ...]) -> None:
    """Two neighbours at work, end to end. `demo reset` forgets the demo village."""
    if arguments == ("reset",):
        from api.commands import forget_demo  # noqa: PLC0415 - as above

        click.echo(forget_demo(load_settings(**_chosen(demo=True))))
        return
    found = next(iter(entry_points(group="dorfkiste.demo")), None)
    if found is None:
        raise StartupError("The demo is not installed", "Reinstall dorfkiste.")
    sys.argv = ["dorfkiste demo", *arguments]
    sys.exit(found.load()())


def _chosen(demo: bool, **given: Any) -> dict[str, Any]:
    """The settings named on the command line; for the demo its own place, unless the operator chose one."""
    defaults = {name: value for name, value in DEMO.items() if name == "demo" or name.upper() not in os.environ}
    named = {name: value for name, value in given.items() if value is not None}
    return (defaults if demo else {}) | named


if __name__ == "__main__":
    main()
