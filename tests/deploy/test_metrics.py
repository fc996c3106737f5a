"""The dashboard and the alerts speak of metrics that there are, by labels that they have."""

import json
import re
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

import backline
from backline.live.node.metrics import FAMILIES
from backline.platform.host.load import measure_machine
from tests.support.tree import ROOT

DEPLOY = ROOT / "deploy"
# What Prometheus itself adds.
OF_EVERY_METRIC = {"instance", "job"}
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


@pytest.fixture(scope="module")
def metrics() -> dict[str, set[str]]:
    """The labels of each series by its name, from the program's own registry."""
    for module in walk_packages(backline.__path__, "backline."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    found: dict[str, set[str]] = {}
    for collector in list(REGISTRY._collector_to_names):
        kind = getattr(collector, "_type", "")
        for suffix in SUFFIXES.get(kind, ()):
            labels = set(collector._labelnames)  # type: ignore[attr-defined]
            name = collector._name + suffix  # type: ignore[attr-defined]
            found[name] = labels | ({"le"} if suffix == "_bucket" else set())
    # Those of shows are made while they are on.
    return found | {family.name: set(family.labels) for family in FAMILIES}


def dashboard() -> dict[str, Any]:
    return json.loads((DEPLOY / "grafana/dashboards/backline.json").read_text())


def expressions() -> list[str]:
    rules = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text())
    alerts = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    panels = [t["expr"] for p in dashboard()["panels"] for t in p.get("targets", ())]
    assert alerts
    assert panels
    return alerts + panels


def test_every_metric_exists_with_its_labels(metrics: dict[str, set[str]]) -> None:
    for expression in expressions():
        for name, chosen in re.findall(r"\b(backline_\w+)(?:\{([^}]*)\})?", expression):
            assert name in metrics, expression
            asked = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", chosen))
            assert asked <= metrics[name] | OF_EVERY_METRIC, expression


def test_grouping_is_by_labels_that_some_metric_has(metrics: dict[str, set[str]]) -> None:
    for expression in expressions():
        names = re.findall(r"\bbackline_\w+", expression)
        known = OF_EVERY_METRIC.union(*(metrics[name] for name in names))
        for group in re.findall(r"\bby \(([^)]*)\)", expression):
            assert set(re.split(r",\s*", group)) <= known, expression


def test_panels_do_not_overlap_and_have_ids() -> None:
    panels = dashboard()["panels"]
    taken = [
        (panel["gridPos"]["x"] + column, panel["gridPos"]["y"] + line)
        for panel in panels
        for column in range(panel["gridPos"]["w"])
        for line in range(panel["gridPos"]["h"])
    ]

    assert len(taken) == len(set(taken))
    assert max(column for column, _ in taken) < 24
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_alerts_say_what_to_do() -> None:
    rules = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text())

    for group in rules["groups"]:
        for rule in group["rules"]:
            assert rule["annotations"]["summary"]
            assert rule["annotations"]["action"].endswith(".")
            assert rule["labels"]["severity"] in {"critical", "warning"}


@pytest.mark.parametrize(
    ("alert", "limit"),
    [("BacklineErrors", 0.01), ("BacklineProcessorsBusy", 0.8), ("BacklineMemoryFull", 0.85)],
)
def test_alerts_fire_where_operators_plan_for_it(alert: str, limit: float) -> None:
    rules = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text())
    found = {rule["alert"]: rule["expr"] for group in rules["groups"] for rule in group["rules"]}

    assert float(found[alert].rpartition(">")[2]) == limit


def test_times_are_told_by_method_and_status(metrics: dict[str, set[str]]) -> None:
    asked = {"method", "route", "status"}

    assert metrics["backline_http_requests_total"] == asked
    assert metrics["backline_http_request_seconds_count"] == asked


def test_the_machine_is_measured() -> None:
    measure_machine()

    for name in ("backline_machine_cpu_ratio", "backline_machine_memory_ratio"):
        assert 0 < (REGISTRY.get_sample_value(name) or 0) <= 1
