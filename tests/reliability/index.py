"""Which tests stand against which fault: what breaks on the way in, on the way out, and while somebody is called.

To cover a fault better, add the test's place here; test_index.py fails on a place where there is none.
"""

from __future__ import annotations

FAULTS = {
    "F1": "a process that fetches mail is killed at any step",
    "F2": "two fetch one mailbox at once, or one mail comes to two mailboxes",
    "F3": "another program takes mails away, or adds some, meanwhile",
    "F4": "the mail server forgets its numbers, drops, hangs or says no",
    "F5": "two mails bear one Message-ID, or none",
    "F6": "a mail is poison",
    "F7": "a mail is enormous",
    "F8": "two machines answer each other",
    "F9": "the outgoing server says no at any step, or goes silent after the last",
    "F10": "the outgoing server is slow, puts off for days, or refuses one of several",
    "F11": "a process is killed around a hand-over to a server or a service",
    "F12": "an expert is not reached, or the clock jumps, while somebody waits",
}

COVERED: dict[str, tuple[str, ...]] = {
    "F1": (
        "tests/rooms/channels/test_crashes.py::test_a_kill_at_any_step_loses_nothing_and_doubles_nothing",
        "tests/rooms/channels/test_crashes.py::test_a_kill_while_fetching_leaves_every_mail_here_once_and_none_at_the_server",
        "tests/rooms/channels/test_imap.py::test_what_was_committed_before_a_crash_is_settled_in_the_next_round",
    ),
    "F2": (
        "tests/rooms/channels/test_imap_faults.py::test_two_who_fetch_one_mailbox_at_once_bring_each_mail_once",
        "tests/rooms/channels/test_copies.py::test_two_mailboxes_get_a_ticket_each_that_names_the_other",
    ),
    "F3": (
        "tests/rooms/channels/test_imap_faults.py::test_what_others_delete_and_deliver_meanwhile_costs_no_mail",
        "tests/rooms/channels/test_imap_faults.py::test_control_by_their_place_in_the_mailbox_every_second_mail_would_be_lost",
    ),
    "F4": (
        "tests/rooms/channels/test_imap_faults.py::test_a_connection_that_breaks_at_any_kilobyte_loses_and_doubles_nothing",
        "tests/rooms/channels/test_imap_faults.py::test_a_command_refused_is_said_in_words_and_loses_nothing",
        "tests/rooms/channels/test_imap_faults.py::test_a_server_that_keeps_refusing_is_asked_ever_less_often_and_told_of",
        "tests/rooms/channels/test_imap_faults.py::test_a_server_that_says_nothing_or_never_ends_is_given_up_in_time",
        "tests/rooms/channels/test_imap_faults.py::test_a_folder_put_aside_and_made_anew_is_numbered_anew_and_doubles_nothing",
        "tests/rooms/channels/test_imap.py::test_another_account_with_the_same_numbers_brings_its_own_mails",
    ),
    "F5": (
        "tests/rooms/channels/test_filing.py::test_the_same_message_id_with_another_body_is_kept_too",
        "tests/rooms/channels/test_copies.py::test_a_known_message_id_with_anything_else_in_it_is_a_mail_of_its_own",
    ),
    "F6": (
        "tests/peers/test_mail_corpus_intake.py::test_all_go_in_by_imap",
        "tests/rooms/channels/test_reading_sandbox.py::test_poison_between_two_good_mails",
        "tests/rooms/channels/test_heavy.py::test_bombs_between_good_mails_stand_in_quarantine_and_the_good_ones_on_tickets",
    ),
    "F7": (
        "tests/rooms/channels/test_heavy.py::test_a_circular_to_many_people_is_answered_to_its_author_alone",
        "tests/rooms/channels/test_heavy.py::test_mails_fifty_deep_are_one_ticket_with_one_file",
        "tests/rooms/channels/test_heavy.py::test_ten_thousand_recipients_and_two_thousand_files_are_kept_and_answered_by_nobody",
        "tests/rooms/channels/test_reading_parse.py::test_two_thousand_levels_end_in_a_defect",
    ),
    "F8": (
        "tests/rooms/channels/test_loops.py::test_a_responder_that_hides_what_it_is_gets_so_many_answers_an_hour_and_no_more",
        "tests/rooms/channels/test_loops.py::test_two_installations_that_write_to_each_other_stop_at_the_first_answer",
        "tests/rooms/channels/test_loops.py::test_a_mail_that_goes_round_in_circles_opens_nothing",
    ),
    "F9": (
        "tests/rooms/delivery/test_hard_servers.py::test_a_refusal_at_any_step_is_tried_again_with_the_same_message_id",
        "tests/rooms/delivery/test_hard_servers.py::test_the_outbox_adds_up_whatever_the_server_says",
        "tests/rooms/delivery/test_sending.py::test_a_connection_that_breaks_after_the_last_dot_is_repeated_with_the_same_id",
    ),
    "F10": (
        "tests/rooms/delivery/test_hard_servers.py::test_a_server_that_dribbles_is_cut_off_in_time",
        "tests/rooms/delivery/test_hard_servers.py::test_control_without_the_bound_a_server_that_dribbles_is_waited_for",
        "tests/rooms/delivery/test_hard_servers.py::test_a_slow_server_is_tried_once_a_round_and_others_mail_leaves",
        "tests/rooms/delivery/test_sending.py::test_only_a_deferred_address_is_tried_again_with_the_same_message_id",
        "tests/rooms/delivery/test_sending.py::test_only_a_refused_address_is_left_out_and_it_is_told",
    ),
    "F11": (
        "tests/rooms/delivery/test_crashes.py::test_a_kill_around_the_hand_over_loses_nothing_and_repeats_once_at_most",
        "tests/rooms/notices/test_crashes.py::test_a_kill_around_the_hand_over_loses_no_alert_and_holds_nobody_up",
        "tests/rooms/foundation/test_regular_jobs.py::test_what_a_dead_worker_was_at_is_done_again",
    ),
    "F12": (
        "tests/rooms/emergencies/test_escalation.py::test_an_expert_who_cannot_be_reached_holds_nobody_up",
        "tests/rooms/emergencies/test_escalation.py::test_who_is_reached_and_takes_it_on_ends_it",
        "tests/rooms/emergencies/test_escalation.py::test_control_without_the_worker_the_law_is_broken",
        "tests/rooms/emergencies/test_escalation.py::test_the_clock_jumps",
        "tests/rooms/emergencies/test_escalation.py::test_control_with_moments_alone_a_clock_set_back_stops_it",
        "tests/rooms/emergencies/test_escalation.py::test_the_clocks_change_in_the_middle",
        "tests/rooms/emergencies/test_escalation.py::test_who_passes_it_back_after_all_were_silent_is_told_of_again",
        "tests/rooms/emergencies/test_escalation.py::test_a_case_that_breaks_holds_up_no_other",
        "tests/rooms/emergencies/test_crashes.py::test_a_kill_while_alerting_alerts_nobody_twice_and_forgets_nobody",
        "tests/rooms/foundation/test_regular_jobs.py::test_set_back_it_goes_on_at_once",
        "tests/web/test_emergencies.py::test_when_nobody_answers_the_screens_say_so_and_whom_to_call",
    ),
}
