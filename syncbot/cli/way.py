"""What ``init`` is told of the way to a tool, checked: its address, its secrets, the certificates and the proxy."""

from __future__ import annotations

import os
from pathlib import Path

import connectors
from syncbot import secrets
from syncbot.config import values
from syncbot.errors import UserError
from syncbot.toml import Wrong


def site(url: str) -> str:
    """The address as the config keeps it. Raises UserError if it is none."""
    try:
        return values.site(url)
    except Wrong as error:
        raise UserError(
            f"--url {error} It is the address of your site, such as https://example.atlassian.net."
        ) from None


def astray(tool: str, url: str) -> str:
    """What may be wrong with an address that answers, and not as the tool does."""
    default = connectors.ALL[tool].DEFAULT_URL
    if default is not None:
        return f"Is {tool.title()} at {url}? Without --url it is looked for at {default}."
    return (
        f"Is {tool.title()} at {url}? --url is what all its addresses begin with, such as "
        "https://example.atlassian.net, or https://jira.example.com/jira for a Data Center that has such a path."
    )


def resolved(references: dict[str, str], config: Path) -> dict[str, str]:
    """The secrets behind references. Raises UserError where one is missing, or where the secret itself was given."""
    found = {}
    for what, reference in references.items():
        if not secrets.is_reference(reference):
            raise UserError(f"--{what} takes a reference, so that no secret is on screens and in files: env:NAME, ...")
        try:
            found[what] = secrets.resolve(reference, config.parent.absolute(), os.environ)
        except UserError as error:
            hint = f"export {reference.removeprefix('env:')}=... first" if reference.startswith("env:") else ""
            raise UserError(f"the {what}: {error} {hint}".strip()) from None
    return found


def certificates(ca: Path) -> Path:
    """The file of certificates, which must be there."""
    if not ca.is_file():
        raise UserError(f"--ca: {ca} is not a file.")
    return ca.absolute()


def beside(config: Path, ca: Path) -> str:
    """The file as the config names it, whose paths begin where it stands itself."""
    there, home = ca.absolute(), config.parent.absolute()
    return str(there.relative_to(home) if there.is_relative_to(home) else there)


def proxy_address(proxy: str, config: Path) -> str:
    """The proxy's address, followed if it is a reference."""
    try:
        values.proxy(proxy)
    except Wrong as error:
        raise UserError(f"--proxy {error} {error.hint}".strip()) from None
    return resolved({"proxy": proxy}, config)["proxy"] if secrets.is_reference(proxy) else proxy
