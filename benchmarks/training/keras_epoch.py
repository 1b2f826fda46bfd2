"""Epochs of a network as the workflow trains it."""

import json
import sys

from networks import CLASSES, EVENTS, PULSES, sample, settings

from runsieve.computing import limited
from runsieve.networks.registry import validated
from runsieve.samples.sample_files import FitSample


def main(network: str, precision: str, threads: int) -> None:
    from runsieve.networks.training import train

    found = validated(settings(network, precision))
    with limited(threads):
        trained = train(found, FitSample(*sample(network), CLASSES, pulses=PULSES), 1)
    seconds = min(trained.seconds[1:])
    print(json.dumps({"events_a_second": EVENTS[network] / seconds}))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
