"""One worker for all tests that need Keras: starting it takes seconds."""

from collections.abc import Iterator

import pytest

from resnet_studio.keras_process.process import WorkerProcess


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "tensorflow: runs the real Keras in a worker process")


@pytest.fixture(scope="session")
def worker() -> Iterator[WorkerProcess]:
    with WorkerProcess() as process:
        yield process
