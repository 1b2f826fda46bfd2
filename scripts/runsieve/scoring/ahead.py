"""Making the next items in a thread while the last one is used."""

from collections.abc import Iterable, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

WAIT = 0.1  # seconds after which a thread that is waiting looks whether anybody still listens

Item = TypeVar("Item")


class _Failed:
    def __init__(self, error: BaseException) -> None:
        self.error = error


class _End:
    pass


def ahead(items: Iterable[Item], waiting: int = 1) -> Iterator[Item]:
    """The items in their order, made in another thread; at most `waiting` are ready.

    An error that making them raises is raised here. The thread ends when the caller stops.
    """
    ready: Queue = Queue(waiting)
    left = Event()

    def put(item: object) -> None:
        while not left.is_set():
            try:
                ready.put(item, timeout=WAIT)
            except Full:
                continue
            return

    def make() -> None:
        try:
            for item in items:
                put(item)
                if left.is_set():
                    return
            put(_End())
        except BaseException as error:
            put(_Failed(error))

    thread = Thread(target=make, name="ahead", daemon=True)
    thread.start()
    try:
        while not isinstance(item := ready.get(), _End):
            if isinstance(item, _Failed):
                raise item.error
            yield item
    finally:
        left.set()
        thread.join()
