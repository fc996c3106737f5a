"""Settings: what they are made of, and how everything that is wrong is told at once."""

from pathlib import Path

import pytest

from backline.accounts.options import AccountOptions
from backline.main import load, options
from backline.platform.settings import Settings, SettingsFault
from backline.platform.settings.declared import markdown
from backline.platform.settings.options import OPTIONS

ROOT = Path(__file__).resolve().parents[3]
DATABASE = "postgresql://me:hunter2@db.example.org:6432/backline"


def fault_of(**environ: str) -> str:
    with pytest.raises(SettingsFault) as raised:
        load({f"BACKLINE_{name}": value for name, value in environ.items()})
    return str(raised.value)


def test_an_empty_environment_is_enough() -> None:
    settings = load({"LANG": "C.UTF-8", "BACKLINE_PORT": "  "})

    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.data_dir.is_absolute()
    assert settings.secret_path == settings.data_dir / "secrets.json"
    assert settings.workers >= 1
    assert settings.address == "http://127.0.0.1:8000"


def test_options_and_settings_have_the_same_names() -> None:
    own = Settings.__struct_fields__[: len(OPTIONS)]

    assert tuple(option.field for option in OPTIONS) == own
    for one in options():
        assert tuple(option.field for option in one.table) == one.kind.__struct_fields__


def test_no_two_options_have_the_same_name_or_flag() -> None:
    every = [*OPTIONS, *(option for one in options() for option in one.table)]
    flags = [option.flag for option in every if option.flag is not None]

    assert len({option.name for option in every}) == len(every)
    assert len(set(flags)) == len(flags)


def test_the_page_of_settings_is_current() -> None:
    page = (ROOT / "docs/settings.md").read_text("utf-8")

    table = [*OPTIONS, *(option for one in options() for option in one.table)]

    assert markdown(table) in page, "run `backline settings --markdown` and paste its table"


def test_flags_go_before_the_environment(tmp_path: Path) -> None:
    settings = load({"BACKLINE_PORT": "9000"}, {"PORT": "9001", "DATA_DIR": str(tmp_path)})

    assert (settings.port, settings.data_dir) == (9001, tmp_path)


def test_all_kinds_are_read() -> None:
    settings = load(
        {
            "BACKLINE_HOST": "[::1]",
            "BACKLINE_MAX_UPLOAD_BYTES": "500M",
            "BACKLINE_QUOTA_BYTES": "2 TiB",
            "BACKLINE_MIN_FREE_BYTES": "0",
            "BACKLINE_METRICS_PORT": "0",
            "BACKLINE_REGISTRATION": "Closed",
            "BACKLINE_CORS_ORIGINS": "https://a.example.org, http://B.example.org:81/",
            "BACKLINE_ALLOWED_HOSTS": "Music.example.org,10.0.0.1",
            "BACKLINE_TRUSTED_PROXIES": "10.0.0.0/8,::1",
            "BACKLINE_PUBLIC_URL": "https://music.example.org/",
            "BACKLINE_LOG_FORMAT": "json",
        }
    )

    assert settings.host == "::1"
    accounts = settings.of(AccountOptions)
    assert (settings.max_upload_bytes, accounts.quota_bytes) == (500 << 20, 2 << 40)
    assert (settings.min_free_bytes, settings.metrics_port) == (0, 0)
    assert accounts.registration == "closed"
    assert settings.cors_origins == ("https://a.example.org", "http://b.example.org:81")
    assert settings.allowed_hosts == ("music.example.org", "10.0.0.1")
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1/128")
    assert settings.address == "https://music.example.org"


def test_all_faults_are_told_at_once() -> None:
    said = fault_of(PORT="http", LOG_LEVEL="loud", MAX_UPLOAD_BYTES="lots", HOST="a b").split("\n")

    assert len(said) == 4
    assert "BACKLINE_PORT isn't a port from 1 to 65535: 'http'." in said


def test_unknown_names_are_refused_with_a_hint() -> None:
    assert fault_of(PUBLIC_ULR="https://a.example.org") == (
        "BACKLINE_PUBLIC_ULR is no setting. Did you mean BACKLINE_PUBLIC_URL?"
    )
    assert fault_of(XYZZY="1") == "BACKLINE_XYZZY is no setting."


def test_service_links_of_kubernetes_are_explained() -> None:
    links = {
        "PORT": "tcp://10.96.0.7:8000",
        "SERVICE_HOST": "10.96.0.7",
        "SERVICE_PORT": "8000",
        "SERVICE_PORT_HTTP": "8000",
        "PORT_8000_TCP": "tcp://10.96.0.7:8000",
        "PORT_8000_TCP_PROTO": "tcp",
    }

    said = fault_of(**links)

    assert said.count("\n") == 0
    assert "enableServiceLinks: false" in said


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "music.example.org"])  # noqa: S104
def test_a_public_url_is_needed_off_loopback(host: str) -> None:
    assert "BACKLINE_PUBLIC_URL is needed" in fault_of(HOST=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_no_public_url_is_needed_on_loopback(host: str) -> None:
    assert load({"BACKLINE_HOST": host}).listens_on_loopback


def test_an_external_database_needs_a_configured_secret() -> None:
    assert "BACKLINE_SECRET_FILE is needed" in fault_of(DATABASE_URL=DATABASE)


def test_secrets_are_never_shown() -> None:
    settings = load(
        {
            "BACKLINE_DATABASE_URL": DATABASE,
            "BACKLINE_SECRET_FILE": "secrets.json",
            "BACKLINE_SENTRY_DSN": "https://key@sentry.example.org/1",
        }
    )

    assert "hunter2" not in repr(settings) + str(settings) + str(settings.shown())
    assert "key@" not in repr(settings)
    assert settings.shown()["BACKLINE_DATABASE_URL"] == "(set)"


@pytest.mark.parametrize(
    "url", ["mysql://me:hunter2@db", "postgresql://me:hunter2@db:x/y", "hunter2"]
)
def test_a_wrong_database_url_is_not_quoted(url: str) -> None:
    assert "hunter2" not in fault_of(DATABASE_URL=url, SECRET_FILE="a")  # noqa: S106


@pytest.mark.parametrize(
    "url",
    ["example.org", "ftp://example.org", "https://u:p@example.org", "https://a/?b", "https://a:b"],
)
def test_wrong_addresses_are_refused(url: str) -> None:
    assert "BACKLINE_PUBLIC_URL" in fault_of(PUBLIC_URL=url)


def test_the_address_of_a_cdn_is_never_quoted() -> None:
    fault = fault_of(CDN_PURGE="url", CDN_PURGE_URL="https://cdn.example.org/purge?key=hunter2")

    assert "BACKLINE_CDN_PURGE_URL isn't an address" in fault
    assert "hunter2" not in fault
