"""Epochs of a network as the workflow trains it."""

import json
import sys

from networks import CLASSES, EVENTS, sample, settings

from runsieve.backend import prepare_backend
from runsieve.config.network import Network


def main(network: str, precision: str, threads: int) -> None:
    from runsieve.training import train

    prepare_backend(threads)
    found = Network.model_validate(settings(network, precision))
    trained = train(found, *sample(network), CLASSES, 1)
    seconds = trained.history["seconds"].iloc[1:].min()
    print(json.dumps({"events_a_second": EVENTS[network] / seconds}))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
