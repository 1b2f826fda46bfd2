"""What is said at the end of a run: which jobs failed, why, and where their logs are."""

from pathlib import Path

import pytest

from runsieve.failures import GO_ON, SHOWN, failed_run, failures, finished_run

ERROR = """[Sun Nov 29 17:04:05 2026]
Error in rule {rule}:
    message: {message}
    jobid: {job}
    input: raw/a.root
    output: results/a.parquet
    log: {logs} (check log file(s) for error details)
    shell:
        (command exited with non-zero exit code)
"""
GROUP = """Error in group selection
    jobs:
        rule select_events:
            jobid: 3
    [Sun Nov 29 17:04:05 2026]
    Error in rule select_events:
        message: None
        jobid: 3
        log: {quiet} (check log file(s) for error details)
    [Sun Nov 29 17:04:05 2026]
    Error in rule select_events:
        message: None
        jobid: 4
        log: {logs} (check log file(s) for error details)
"""
FINISHED = "[Sun Nov 29 17:09:05 2026]\nFinished jobid: {job} (Rule: {rule})\n"
TRACEBACK = "Traceback (most recent call last):\n  File x\n{error}\n"


@pytest.fixture
def written(tmp_path):
    def write(*parts: str, error: str = "runsieve.errors.RunsieveError: run 41: cut short"):
        (tmp_path / "job.log").write_text(TRACEBACK.format(error=error))
        path = tmp_path / "snakemake.log"
        text = "".join(parts)
        path.write_text(text.replace("JOBLOG", str(tmp_path / "job.log")))
        return path

    return write


def error(job: int = 3, rule: str = "select_events", message: str = "None", logs: str = "JOBLOG"):
    return ERROR.format(job=job, rule=rule, message=message, logs=logs)


def test_a_failure_is_told_with_its_log_and_its_reason(written, tmp_path):
    said = failed_run([str(written(error()))])
    assert said.splitlines() == [
        "1 job failed:",
        f"  select_events: {tmp_path / 'job.log'}",
        "    run 41: cut short",
        GO_ON,
    ]


def test_an_error_of_a_library_is_named(written):
    said = failed_run([str(written(error(), error="OSError: [Errno 28] No space left"))])
    assert "    OSError: [Errno 28] No space left" in said.splitlines()


def test_a_killed_job_has_what_slurm_says(written):
    status = "SLURM-job '5' failed, SLURM status is: 'TIMEOUT'. Detailed failure"
    said = failed_run([str(written(error(message=status, logs="none.log, slurm/5.log")))])
    assert "none.log, slurm/5.log" in said
    assert "no message (Slurm: TIMEOUT): not started, killed, or out of memory or time" in said


def test_a_job_that_was_refused_has_what_sbatch_said(written):
    message = "SLURM sbatch failed. The error message was 'time limit is invalid'.\n"
    message += "    sbatch call:\n        sbatch --parsable\nFor further error details see the log"
    said = failed_run([str(written(error(message=message), "Trying to restart job 3.\n"))])
    assert said.splitlines()[0] == "1 job failed:"
    assert said.splitlines()[2] == (
        "    SLURM sbatch failed. The error message was 'time limit is invalid'."
    )


def test_a_job_that_succeeded_later_did_not_fail(written):
    log = written(error(), error(4), FINISHED.format(job=3, rule="select_events"))
    lasting, repeated = failures(log)
    assert [one.job for one in lasting] == [4]
    assert [one.job for one in repeated] == [3]
    assert finished_run([str(log)]).startswith("1 job succeeded at a later attempt:\n")
    assert finished_run([str(written())]) == ""


def test_what_a_log_that_is_shown_says_is_not_counted(written):
    ruler = "=" * 80
    shown = f"Logfile slurm/5.log:\n{ruler}\n{error(0)}{ruler}\n"
    lasting, repeated = failures(written(error(3), shown, error(4)))
    assert [one.job for one in lasting] == [3, 4]
    assert repeated == []


def test_of_several_attempts_the_last_is_told(written):
    said = failed_run([str(written(error(logs="first.log"), error()))])
    assert said.startswith("1 job failed")
    assert "first.log" not in said


def test_in_a_group_the_job_with_a_reason_comes_first(written):
    said = failed_run([str(written(GROUP.format(quiet="quiet.log", logs="JOBLOG")))])
    lines = said.splitlines()
    assert lines[0] == "2 jobs failed:"
    assert lines[2] == "    run 41: cut short"
    assert "quiet.log" in lines[3]


def test_many_failures_are_cut_short(written):
    said = failed_run([str(written(*(error(job) for job in range(SHOWN + 5))))])
    assert said.startswith(f"{SHOWN + 5} jobs failed:")
    assert "  and 5 more" in said.splitlines()
    assert len(said.splitlines()) == 2 * SHOWN + 3


def test_a_run_that_was_interrupted(written):
    said = failed_run([str(written("Building DAG of jobs...\n"))])
    assert said == f"The run ended before all jobs were done; none is known to have failed. {GO_ON}"


def test_the_manual_that_is_named_exists():
    assert (Path(__file__).parents[2] / "docs/operations.md").is_file()
