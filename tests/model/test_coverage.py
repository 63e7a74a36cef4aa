from seawall.model.coverage import Assessment, Coverage


def test_an_answer_carries_the_gaps_it_rests_on() -> None:
    gap = Coverage("pe01", "D-01", "could not be seen", "no command accounting", "aaa accounting commands 15 …")
    answer = Assessment("call records", "could not be seen", 20, "no database audit was given", gaps=(gap,))
    assert answer.gaps[0].setting
