"""What `deploy/` tells Backline: every variable is a setting, and together they are right."""

import http.server
import json
import re
import socketserver
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import yaml

from backline.__main__ import _parser
from backline.main import load, options
from backline.platform.settings import Settings
from backline.platform.settings.declared import PREFIX, Process
from backline.platform.settings.options import BY_NAME, OPTIONS
from tests.support.tree import ROOT

DEPLOY = ROOT / "deploy"
END_S = 3  # what `http/server.py` gives to whoever is under way
ROLES = {"serve", "work"}


def texts() -> list[Path]:
    return [path for path in DEPLOY.rglob("*") if path.is_file()]


def compose() -> dict[str, Any]:
    """The services, with the variables of `example.env` put in."""
    lines = (DEPLOY / "example.env").read_text().splitlines()
    known = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    def put_in(found: re.Match[str]) -> str:
        return known.get(found[1], found[2] or "")

    text = (DEPLOY / "compose.yaml").read_text()
    filled = re.sub(r"\$\{(\w+)(?::[-?]([^}]*))?\}", put_in, text)
    return yaml.safe_load(filled)


def processes() -> list[Process]:
    """Those of domains."""
    return [one.process for one in options() if one.process is not None]


def default_of(name: str | None) -> Any:
    """What an option is if nobody says."""
    tables = (OPTIONS, *(one.table for one in options()))
    return next(one.default for table in tables for one in table if one.name == name)


def objects(name: str = "backline") -> dict[tuple[str, str], dict[str, Any]]:
    """Kubernetes objects by kind and name."""
    found = yaml.safe_load_all((DEPLOY / f"kubernetes/{name}.yaml").read_text())
    return {(one["kind"], one["metadata"]["name"]): one for one in found}


ADDRESSES = {
    "BACKLINE_DATABASE_URL": "postgresql://backline:secret@pooler:6432/backline",
    "BACKLINE_DATABASE_DIRECT_URL": "postgresql://backline:secret@postgres:5432/backline",
    "BACKLINE_REDIS_URL": "rediss://redis:6379/0",
    "BACKLINE_STORAGE_URL": "s3://key:secret@bucket?region=eu-central-1",
}


def settings_in_kubernetes() -> Settings:
    return load({**objects()["ConfigMap", "backline"]["data"], **ADDRESSES})


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.name)
def test_every_variable_is_a_setting(path: Path) -> None:
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)", path.read_text()))
    theirs = {option.name for one in options() for option in one.table}

    assert named - BY_NAME.keys() - theirs == set()


@pytest.mark.parametrize("service", ["prepare", "serve-1", "serve-2", "work", "live"])
def test_the_containers_settings_are_right(service: str) -> None:
    given = compose()["services"][service]

    settings = load(given["environment"])

    assert settings.redis_url is not None
    assert settings.database_direct_url != settings.database_url
    assert int(given["stop_grace_period"].removesuffix("s")) > settings.drain_s + END_S


def test_the_containers_know_each_other() -> None:
    services = compose()["services"]
    address = services["nginx"]["networks"]["backline"]["ipv4_address"]
    hosts = dict(one.split(":") for one in services["nginx"]["extra_hosts"])
    upstream = re.findall(r"server (serve-\d+):(\d+)", (DEPLOY / "nginx/nginx.conf").read_text())
    scraped = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())

    assert load(services["serve-1"]["environment"]).trusted_proxies == (f"{address}/32",)
    assert {name for name, _ in upstream} == hosts.keys() == {"serve-1", "serve-2"}
    for name, port in upstream:
        assert services[name]["networks"]["backline"]["ipv4_address"] == hosts[name]
        assert port == str(BY_NAME["PORT"].default)
    targets = {
        target
        for job in scraped["scrape_configs"]
        for given in job["static_configs"]
        for target in given["targets"]
    }
    serve, work = BY_NAME["METRICS_PORT"].default, BY_NAME["WORKER_METRICS_PORT"].default
    theirs = {f"{one.name}:{default_of(one.metrics_port)}" for one in processes()}
    assert targets == {f"serve-1:{serve}", f"serve-2:{serve}", f"work:{work}", *theirs}
    assert {one.name for one in processes()} <= services.keys()


def test_containers_wait_for_what_can_become_healthy() -> None:
    services = compose()["services"]

    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                image_checks = services[other].get("image", "").startswith("backline:")
                assert image_checks or "healthcheck" in services[other], (name, other)
    mounted = {
        volume.partition(":")[0]
        for service in services.values()
        for volume in service.get("volumes", ())
        if not volume.startswith(".")
    }
    assert mounted == compose()["volumes"].keys()
    for service in services.values():
        for volume in service.get("volumes", ()):
            if volume.startswith("."):
                assert (DEPLOY / volume.split(":")[0]).exists(), volume


def test_the_image_copies_what_there_is() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    let_in = (ROOT / ".dockerignore").read_text().splitlines()
    copied = [
        source
        for line in re.findall(r"(?m)^COPY (?!--from)(.+)$", text)
        for source in line.split()[:-1]
    ]
    names = ["PORT", "METRICS_PORT", "WORKER_METRICS_PORT"]
    names += [name for one in processes() for name in (*one.ports, one.metrics_port) if name]
    ports = {str(default) for name in names if (default := default_of(name))}

    assert copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert f"!{source.split('/')[0]}" in let_in, source
    assert re.search(r"(?m)^EXPOSE (.+)$", text)[1].split() == sorted(  # type: ignore[index]
        ports, key=lambda port: (port != "8000", int(port))
    )
    assert re.search(r"(?m)^USER (?!root)", text)


def test_the_image_is_well_while_its_server_answers() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    check = json.loads(re.search(r"(?m)^    CMD (\[.*\])$", text)[1])  # type: ignore[index]
    with socketserver.TCPServer(("127.0.0.1", 0), Alive) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        port = {"BACKLINE_PORT": str(server.server_address[1])}

        well = subprocess.run([sys.executable, *check[1:]], env=port, check=False)

    ill = subprocess.run([sys.executable, *check[1:]], env=port, check=False, capture_output=True)
    assert (well.returncode, ill.returncode) == (0, 1)


class Alive(http.server.BaseHTTPRequestHandler):
    """Answers to one question."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health/live" else 404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_the_settings_in_kubernetes_are_right() -> None:
    settings = settings_in_kubernetes()
    pod = objects()["Deployment", "backline-serve"]["spec"]["template"]["spec"]

    assert settings.secret_path.parent == Path("/run/backline")
    assert pod["terminationGracePeriodSeconds"] > settings.drain_s + END_S
    assert pod["enableServiceLinks"] is False
    # Not ready is noticed well before the end.
    probe = pod["containers"][0]["readinessProbe"]
    assert probe["periodSeconds"] * probe["failureThreshold"] < settings.drain_s


@pytest.mark.parametrize("name", ["backline", "migrate"])
def test_pods_mount_what_they_have_and_begin_what_there_is(name: str) -> None:
    commands = _parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    pods = [one for one in objects(name).values() if one["kind"] in {"Deployment", "Job"}]

    assert pods
    for one in pods:
        pod = one["spec"]["template"]["spec"]
        volumes = {volume["name"] for volume in pod["volumes"]}
        containers = [*pod["initContainers"], *pod["containers"]]
        assert {m["name"] for c in containers for m in c["volumeMounts"]} == volumes
        assert pod["securityContext"]["runAsNonRoot"]
        for container in pod["containers"]:
            assert container["args"][0] in commands
            assert container["securityContext"]["readOnlyRootFilesystem"]
            ports = {port["name"]: port["containerPort"] for port in container.get("ports", ())}
            for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
                if kind in container:
                    assert container[kind]["httpGet"]["port"] in ports


def test_names_in_kubernetes_lead_somewhere() -> None:
    found = objects()
    settings = settings_in_kubernetes()
    for (kind, name), one in found.items():
        if kind == "Deployment":
            labels = one["spec"]["template"]["metadata"]["labels"]
            assert labels == one["spec"]["selector"]["matchLabels"]
            annotations = one["spec"]["template"]["metadata"]["annotations"]
            ports = {
                "backline-serve": settings.metrics_port,
                "backline-work": settings.worker_metrics_port,
                **{f"backline-{one.name}": default_of(one.metrics_port) for one in processes()},
            }
            assert annotations["prometheus.io/port"] == str(ports[name])
        if kind == "HorizontalPodAutoscaler":
            assert ("Deployment", one["spec"]["scaleTargetRef"]["name"]) in found
    serve = found["Deployment", "backline-serve"]["spec"]["selector"]["matchLabels"]
    host = str(settings.public_url).removeprefix("https://")
    assert found["Service", "backline"]["spec"]["selector"] == serve
    assert found["PodDisruptionBudget", "backline-serve"]["spec"]["selector"] == {
        "matchLabels": serve
    }
    assert found["Ingress", "backline"]["spec"]["rules"][0]["host"] == host


async def test_the_role_has_what_the_page_says(dsn: str) -> None:
    statements = re.findall(r"(?m)^ALTER .+;$", (DEPLOY / "postgres.sql").read_text())
    page = re.findall(r"(?m)^ *(ALTER .+;)$", (ROOT / "docs/database.md").read_text())
    connection = await asyncpg.connect(dsn)
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("CREATE ROLE backline")
        for statement in statements:
            await connection.execute(statement)
        await transaction.rollback()
    finally:
        await connection.close()

    assert statements == page
