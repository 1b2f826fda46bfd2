"""The processor, the versions of the libraries, and what they keep in memory."""

import os
import platform
from pathlib import Path


def machine() -> dict[str, str | int | None]:
    """Processor, number of cores that this process may use, and versions of the libraries."""
    import keras
    import tensorflow

    information = Path("/proc/cpuinfo")
    text = information.read_text(encoding="utf-8") if information.is_file() else ""
    names = [line.split(":", 1)[1].strip() for line in text.splitlines() if "model name" in line]
    return {
        "processor": names[0] if names else platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "threads": int(os.environ.get("TF_NUM_INTRAOP_THREADS") or 0) or None,
        "python": platform.python_version(),
        "keras": keras.__version__,
        "tensorflow": tensorflow.__version__,
    }


def forget() -> None:
    """Free what Keras keeps of networks that are no longer used; one process may train many."""
    import keras

    keras.utils.clear_session()
