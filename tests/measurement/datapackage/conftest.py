from pathlib import Path

import pytest

from tests.measurement.datapackage import packages


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The folder of a small package that is right."""
    return packages.write(tmp_path / "package", packages.small())
