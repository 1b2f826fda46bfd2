"""Sentences that say the same become one remark."""

from runsieve.reports.page.remarks import Found, gathered


def test_sentences_that_differ_in_numbers_are_one_remark():
    found = [
        Found("Loss rose to 1.22 times its lowest.", "dnn, seed 1", "a"),
        Found("Something else."),
        Found("Loss rose to 1.3 times its lowest.", "dnn, seed 2", "a"),
        Found("Loss rose to 1.3 times its lowest.", "dnn, seed 2", "a"),
    ]
    first, second = gathered(found)
    assert first.text == "Loss rose to 1.22 times its lowest."
    assert first.places == [("dnn, seed 1", "a"), ("dnn, seed 2", "a")]
    assert (second.text, second.places) == ("Something else.", [])


def test_other_words_are_another_remark():
    assert len(gathered([Found("run 1: a"), Found("run 2: b")])) == 2
    assert gathered([]) == []
