"""The configuration is read once, and a slip of the pen is refused by name."""

from pathlib import Path

import pytest

from holdspace.web.config import Config, UnknownSetting, WrongSetting


def test_a_setting_nobody_reads_is_refused_by_name_and_the_known_ones_are_said() -> None:
    with pytest.raises(UnknownSetting) as refused:
        Config.from_environ({"HOLDSPACE_PASSPRASE_FILE": "/x"})
    assert "HOLDSPACE_PASSPRASE_FILE" in refused.value.what
    assert "HOLDSPACE_PASSPHRASE_FILE" in refused.value.then


def test_without_an_address_the_database_is_an_encrypted_file_in_the_practices_folder() -> None:
    described = Config.from_environ({"HOLDSPACE_HOME": "/practice"}).database()
    assert described["ENGINE"] == "holdspace.vault.sqlcipher"
    assert described["NAME"] == Path("/practice/practice.db")


def test_a_database_address_is_read_with_its_folder_port_and_options() -> None:
    url = "postgresql://maya:s%40fe@%2Frun%2Fpostgresql:5433/practice?sslmode=require"
    described = Config.from_environ({"DATABASE_URL": url}).database()
    assert described["HOST"] == "/run/postgresql"
    assert (described["USER"], described["PASSWORD"], described["PORT"]) == ("maya", "s@fe", "5433")
    assert described["NAME"] == "practice"
    assert described["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("host", ["db.example", "10.1.2.3", "[2001:db8::7]"])
def test_a_database_on_another_machine_is_never_asked_in_clear(host: str) -> None:
    for mode in ("disable", "allow", "prefer", "nonsense"):
        with pytest.raises(WrongSetting, match="another machine"):
            Config.from_environ({"DATABASE_URL": f"postgresql://m@{host}/p?sslmode={mode}"}).database()
    for said, mode in (
        ("", "verify-full"),
        ("?sslmode=verify-ca", "verify-ca"),
        ("?sslmode=require", "require"),
    ):
        described = Config.from_environ({"DATABASE_URL": f"postgresql://m@{host}/p{said}"}).database()
        assert described["OPTIONS"] == {"sslmode": mode}
    for here in ("localhost", "127.0.0.1", "%2Frun%2Fpostgresql", "[::1]", ""):
        described = Config.from_environ({"DATABASE_URL": f"postgresql://m@{here}/p"}).database()
        assert described["OPTIONS"] == {}


@pytest.mark.parametrize(
    "environ", [{"DATABASE_URL": "mysql://x/y"}, {"HOLDSPACE_HTTPS": "yes"}], ids=["database", "https"]
)
def test_a_value_that_cannot_be_used_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(WrongSetting):
        Config.from_environ(environ).database()
