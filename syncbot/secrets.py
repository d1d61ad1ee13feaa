"""Secrets never stand in a file that is shared: the config holds references, and this is where they are followed.

A reference is ``env:NAME``, ``file:/path`` (relative to the config file) or ``keyring:service/name``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from syncbot.errors import UserError

FORMS = ("env", "file", "keyring")


def is_reference(text: str) -> bool:
    """Whether the text says where a secret is, rather than being something itself."""
    form, colon, _ = text.partition(":")
    return bool(colon) and form in FORMS


def resolve(reference: str, base: Path, env: Mapping[str, str]) -> str:
    """The secret that is meant. Raises UserError, without the secret, if the reference leads nowhere."""
    form, _, name = reference.partition(":")
    if not is_reference(reference):
        raise UserError("must say where the secret is (env:NAME, file:/path or keyring:service/name), never hold it.")
    if not name:
        raise UserError(f'names nothing after "{form}:".')
    found = {"env": _from_env, "file": _from_file, "keyring": _from_keyring}[form](name, base, env).strip()
    if not found:
        raise UserError(f"leads to {_described(form, name)}, which is empty.")
    return found


def _from_env(name: str, _base: Path, env: Mapping[str, str]) -> str:
    if name not in env:
        raise UserError(f"leads to {_described('env', name)}, which is not set.")
    return env[name]


def _from_file(name: str, base: Path, _env: Mapping[str, str]) -> str:
    try:
        return (base / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UserError(f"leads to {_described('file', name)}, which is not text.") from None
    except OSError as error:
        raise UserError(f"leads to {_described('file', name)}, which cannot be read: {error.strerror}.") from None


def _from_keyring(name: str, _base: Path, _env: Mapping[str, str]) -> str:
    import keyring  # it loads the desktop's services, which few need

    service, _, user = name.partition("/")
    if not service or not user:
        raise UserError("must be keyring:service/name.")
    try:
        found = keyring.get_password(service, user)
    except keyring.errors.KeyringError as error:
        raise UserError(f"needs the system's keyring, which does not answer ({type(error).__name__}).") from None
    if found is None:
        raise UserError(f"leads to {_described('keyring', name)}, which is not there.")
    return found


def _described(form: str, name: str) -> str:
    words = {"env": "the environment variable", "file": "the file", "keyring": "the keyring's entry"}
    return f"{words[form]} {name}"
