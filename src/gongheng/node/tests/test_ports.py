from gongheng.node import processes


def test_a_port_that_is_claimed_but_not_yet_listened_on_is_given_to_nobody_else() -> None:
    port, claimed = processes.next_claim(processes.any_free_port(), "127.0.0.1")

    second_port, second = processes.next_claim(port, "127.0.0.1")
    claimed.close()
    again = processes.claim(port)

    assert second_port > port
    assert again is not None
    second.close()
    again.close()
