"""References to secrets: followed, and described without them when they lead nowhere."""

from __future__ import annotations

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import NoKeyringError

from syncbot.errors import UserError
from syncbot.secrets import is_reference, resolve


class Ring(KeyringBackend):
    """A keyring that holds one secret and has one broken drawer."""

    priority = 1

    def get_password(self, service, username):
        if service == "broken":
            raise NoKeyringError
        return "from the ring" if (service, username) == ("syncbot", "jira/bot") else None

    def set_password(self, service, username, password):
        raise NotImplementedError


@pytest.fixture
def ring():
    before = keyring.get_keyring()
    keyring.set_keyring(Ring())
    yield
    keyring.set_keyring(before)


@pytest.mark.usefixtures("ring")
def test_references_are_followed(tmp_path):
    (tmp_path / "token").write_text("from a file\n", encoding="utf-8")
    env = {"TOKEN": " from a variable\n"}

    assert resolve("env:TOKEN", tmp_path, env) == "from a variable"
    assert resolve("file:token", tmp_path, env) == "from a file"
    assert resolve(f"file:{tmp_path}/token", tmp_path / "elsewhere", env) == "from a file"
    assert resolve("keyring:syncbot/jira/bot", tmp_path, env) == "from the ring"


@pytest.mark.usefixtures("ring")
@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("s3cret", "must say where the secret is (env:NAME, file:/path or keyring:service/name), never hold it."),
        ("vault:s3cret", "must say where the secret is (env:NAME, file:/path or keyring:service/name), never hold it."),
        ("env:", 'names nothing after "env:".'),
        ("env:NONE", "leads to the environment variable NONE, which is not set."),
        ("env:BLANK", "leads to the environment variable BLANK, which is empty."),
        ("file:none", "leads to the file none, which cannot be read: No such file or directory."),
        ("file:.", "leads to the file ., which cannot be read: Is a directory."),
        ("file:blank", "leads to the file blank, which is empty."),
        ("file:binary", "leads to the file binary, which is not text."),
        ("keyring:syncbot", "must be keyring:service/name."),
        ("keyring:syncbot/", "must be keyring:service/name."),
        ("keyring:/bot", "must be keyring:service/name."),
        ("keyring:syncbot/other", "leads to the keyring's entry syncbot/other, which is not there."),
        ("keyring:broken/x", "needs the system's keyring, which does not answer (NoKeyringError)."),
    ],
)
def test_references_that_lead_nowhere_say_so(tmp_path, reference, expected):
    (tmp_path / "blank").write_text(" \n", encoding="utf-8")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(UserError) as caught:
        resolve(reference, tmp_path, {"BLANK": "  "})

    assert str(caught.value) == expected
    assert "s3cret" not in str(caught.value)


def test_a_url_is_no_reference():
    assert not is_reference("postgresql://db/sync")
    assert not is_reference("env")
    assert is_reference("env:X")
