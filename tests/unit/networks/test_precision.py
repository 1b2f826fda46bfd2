import pytest

from runsieve.networks.precision import resolve


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("fpu avx512f amx_bf16", "mixed_bfloat16"),
        ("fpu avx512_bf16", "mixed_bfloat16"),
        ("fpu avx2 bf16", "float32"),
    ],
)
def test_auto_follows_the_processor(tmp_path, flags, expected):
    (tmp_path / "cpuinfo").write_text(f"model name\t: one\nflags\t\t: {flags}\n")
    assert resolve("auto", tmp_path / "cpuinfo") == expected
    assert resolve("float32", tmp_path / "cpuinfo") == "float32"


def test_without_a_description_of_the_processor(tmp_path):
    assert resolve("auto", tmp_path / "absent") == "float32"
