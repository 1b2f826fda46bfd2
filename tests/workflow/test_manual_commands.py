"""The command lines of the manual are accepted; Snakemake says what they would run."""

import shlex

import pytest

from helpers.checkout import copy_checkout
from helpers.manual import commands

pytestmark = pytest.mark.workflow
SNAKEMAKE = ".venv/bin/snakemake"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    return copy_checkout(tmp_path_factory.mktemp("commands") / "checkout")


@pytest.mark.parametrize("command", commands())
def test_a_command_is_accepted(checkout, command):
    program, *arguments = shlex.split(command)
    assert program == SNAKEMAKE
    assert checkout.would_run(*arguments)


def test_there_are_commands():
    assert len(commands()) >= 2
