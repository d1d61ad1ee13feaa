"""The files of deploy/ against the code and against the tools that read them."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace
from prometheus_client import generate_latest, parser

from syncbot.cli import COMMANDS
from syncbot.config import Watching
from syncbot.daemon.alarms import ALARMS, LEVELS
from syncbot.daemon.metrics import registry
from syncbot.daemon.watch import look
from syncbot.store import Store
from tests.daemon.helpers import NOW, STATE, fill, write
from tests.store.helpers import put

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PORT = str(Watching().listen).rpartition(":")[2]


def lines(name: str) -> list[str]:
    return (DEPLOY / name).read_text(encoding="utf-8").splitlines()


class Unit(RawConfigParser):
    def optionxform(self, optionstr: str) -> str:
        return optionstr


def test_the_unit_runs_the_daemon_and_does_not_try_a_wrong_config_again(tmp_path: Path):
    unit = Unit(strict=False)
    unit.read(DEPLOY / "syncbot.service", encoding="utf-8")
    service = unit["Service"]
    assert service["ExecStart"].split()[1:] == ["daemon"]
    assert "daemon" in COMMANDS
    assert service["RestartPreventExitStatus"] == "2"
    assert "SYNCBOT_CONFIG=" in service["Environment"]
    checker = shutil.which("systemd-analyze")
    if checker:  # where there is a systemd, it has the last word
        there = tmp_path / "syncbot.service"
        there.write_text("\n".join(lines("syncbot.service")).replace(service["ExecStart"], "/bin/true"))
        said = subprocess.run([checker, "verify", there], capture_output=True, text=True, check=False)
        assert (said.returncode, said.stderr) == (0, "")


def test_the_image_holds_what_is_locked_and_asks_the_daemon_whether_it_is_well():
    text = "\n".join(lines("Dockerfile"))
    assert "--require-hashes -r requirements/run.txt" in text
    assert (ROOT / "requirements" / "run.txt").is_file()
    assert f"http://127.0.0.1:{PORT}/health" in text
    assert re.search(r"^USER \d+$", text, re.MULTILINE), "not root, and by number, so that Kubernetes can tell"
    assert 'ENTRYPOINT ["syncbot"]' in text
    assert 'CMD ["daemon"]' in text


def test_the_compose_file_builds_that_image_and_shows_the_port_to_this_machine_alone():
    compose: dict[str, Any] = yaml.safe_load("\n".join(lines("compose.yaml")))
    (service,) = compose["services"].values()
    build = service["build"]
    context = (DEPLOY / build["context"]).resolve()
    assert context == ROOT
    assert (context / build["dockerfile"]).is_file()
    assert service["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    assert set(service["secrets"]) == set(compose["secrets"])
    volume = "VOLUME /srv/syncbot"
    assert volume in lines("Dockerfile")
    assert service["volumes"] == ["./syncbot:/srv/syncbot"]


def test_secrets_and_stores_beside_the_files_are_left_out_of_the_image_and_of_git():
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {"deploy/syncbot", "deploy/secrets", ".git", "*.db"} <= set(left_out)
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {"/deploy/syncbot/", "/deploy/secrets/"} <= set(ignored)


@pytest.fixture
def samples(store: Store) -> dict[str, list[dict[str, str]]]:
    """Every metric that can be there, with the labels of its samples."""
    fill(store)
    write(store, state="failed", error="403")
    aside = {"connection": "delivery", "scope": "1", "at": "", "since": "", "reason": "", "remote_id": "1"}
    put(store, "quarantine", aside)
    watch = replace(look(store, now=NOW), state=STATE)
    found: dict[str, list[dict[str, str]]] = {}
    for family in parser.text_string_to_metric_families(generate_latest(registry(watch)).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample.labels)
    return found


def test_the_alert_rules_ask_for_metrics_and_labels_that_are_there(samples: dict[str, list[dict[str, str]]]):
    (group,) = yaml.safe_load("\n".join(lines("alerts.yml")))["groups"]
    assert len(group["rules"]) >= 5
    for rule in group["rules"]:
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
        for name, labels in re.findall(r"(syncbot_\w+|\bup\b)(?:\{(.*?)\})?", rule["expr"]):
            if name == "up":
                continue
            assert name in samples, rule["alert"]
            asked = set(re.findall(r"(\w+)=", labels))
            by = set(re.findall(r"by \((.*?)\)", rule["expr"])[0].replace(",", " ").split()) - {"instance"}
            assert asked | by <= set(samples[name][0]), rule["alert"]


def test_each_level_of_alarm_that_needs_someone_has_its_alert():
    text = "\n".join(lines("alerts.yml"))
    assert {level for level, _ in ALARMS.values()} == set(LEVELS)
    assert all(f'level="{level}"' in text for level in LEVELS if level != "notice")
