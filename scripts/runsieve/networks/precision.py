"""Floating-point precision of networks."""

from pathlib import Path

FAST_BFLOAT16 = {"amx_bf16", "avx512_bf16"}  # processor flags, as in /proc/cpuinfo


def resolve(precision: str, processor: Path = Path("/proc/cpuinfo")) -> str:
    """A dtype policy of Keras; `auto`: mixed_bfloat16 if the processor has it, else float32."""
    if precision != "auto":
        return precision
    text = processor.read_text(encoding="utf-8") if processor.is_file() else ""
    flags = {
        flag for line in text.splitlines() if line.startswith("flags") for flag in line.split()
    }
    return "mixed_bfloat16" if flags & FAST_BFLOAT16 else "float32"
