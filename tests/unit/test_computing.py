"""Jobs compute with the threads that they are given, repeatably; imports are quick."""

import gc
import os

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from runsieve.computing import THREADS, importing, limited


@pytest.fixture(autouse=True)
def restored(monkeypatch):
    """The environment is as it was when a test ends."""
    for name in (*THREADS, "TF_DETERMINISTIC_OPS"):
        monkeypatch.setenv(name, "")


@pytest.mark.parametrize("threads", [1, 2])
def test_libraries_are_told_how_many_threads_they_have(threads):
    with limited(threads):
        assert {os.environ[name] for name in THREADS} == {str(threads)}
        assert os.environ["TF_DETERMINISTIC_OPS"] == "1"


def test_pools_of_threads_are_limited_in_the_block_alone():
    np.ones((2, 2)) @ np.ones((2, 2))
    before = [pool["num_threads"] for pool in threadpool_info()]
    with limited(1):
        inside = [pool["num_threads"] for pool in threadpool_info()]
    assert set(inside) == {1}
    assert [pool["num_threads"] for pool in threadpool_info()] == before


def test_pools_are_given_back_when_a_block_fails():
    before = [pool["num_threads"] for pool in threadpool_info()]
    with pytest.raises(KeyError), limited(1):
        raise KeyError
    assert [pool["num_threads"] for pool in threadpool_info()] == before


def test_imports_look_for_no_garbage_and_what_was_imported_is_never_looked_through():
    frozen = gc.get_freeze_count()
    with importing():
        assert not gc.isenabled()
        made = [[] for _ in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= frozen + len(made)


def test_garbage_is_collected_again_after_a_failed_import():
    with pytest.raises(ImportError), importing():
        raise ImportError
    assert gc.isenabled()
