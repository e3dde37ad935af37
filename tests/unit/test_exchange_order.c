/* Stories of one connection: what its messages, what is lost and what TCP acknowledges say of the
 * order of its responses. */
#include "dissector/http/exchange_order.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct exchange_order order;

static int begin(void **state)
{
    (void)state;
    order = (struct exchange_order){0};
    return 0;
}

/* Bytes from a place on, whose sender had received the peer's before another; 0: not known. */
static struct origin bytes(uint64_t sent_at, uint64_t seen_to)
{
    return (struct origin){.sent_at = sent_at, .seen_to = seen_to};
}

static const struct origin nowhere = {0};

static bool ask(void)
{
    return exchange_order_request(&order, &nowhere, false);
}

static void answer(bool is_paired)
{
    exchange_order_response(&order, is_paired);
    exchange_order_answered(&order, NULL);
}

static void lose_request(void)
{
    exchange_order_lost(&order, DIR_CLIENT, true);
}

static void lose_part(void)
{
    exchange_order_lost(&order, DIR_CLIENT, false);
}

static void lose_response(void)
{
    exchange_order_lost(&order, DIR_SERVER, false);
}

static void behind_a_lost_request_its_answer_brings_order_back(void **state)
{
    (void)state;
    assert_true(ask());
    answer(true);
    lose_request();
    answer(false);
    assert_true(ask());
}

static void what_may_be_a_lost_request_may_have_been_none(void **state)
{
    (void)state;
    assert_true(ask());
    lose_part();
    answer(true);
    assert_true(ask());
}

static void a_request_behind_an_unanswered_one_shows_a_client_that_pipelines(void **state)
{
    (void)state;
    assert_true(ask());
    lose_request();
    answer(true);
    assert_false(ask());
    answer(false);
    answer(false);
    assert_false(ask());
}

static void a_request_and_its_answer_lost_at_once_cost_themselves_alone(void **state)
{
    (void)state;
    assert_true(ask());
    answer(true);
    lose_request();
    lose_response();
    assert_true(ask());
    answer(true);
    lose_response();
    lose_request();
    assert_true(ask());
}

static void an_answer_lost_long_before_was_to_no_request_lost_now(void **state)
{
    (void)state;
    assert_true(ask());
    lose_response();
    assert_true(ask());
    answer(true);
    lose_request();
    assert_false(ask());
}

static void two_answers_and_no_request_between_show_a_client_that_pipelines(void **state)
{
    (void)state;
    assert_true(ask());
    answer(true);
    lose_request();
    answer(false);
    answer(false);
    assert_false(ask());
}

static void answers_to_a_client_of_whom_nothing_is_captured_show_nothing(void **state)
{
    (void)state;
    exchange_order_assume(&order);
    answer(false);
    answer(false);
    assert_true(ask());
}

static void behind_lost_answers_a_second_one_shows_nothing(void **state)
{
    (void)state;
    assert_true(ask());
    lose_response();
    answer(false);
    answer(false);
    assert_true(ask());
}

static void joined_midway_a_second_request_disproves_what_was_assumed(void **state)
{
    (void)state;
    exchange_order_assume(&order);
    assert_true(ask());
    assert_true(exchange_order_overlap(&order));
    assert_false(exchange_order_request(&order, &nowhere, true));
}

static void a_second_request_disproves_what_was_assumed_behind_a_loss_too(void **state)
{
    (void)state;
    exchange_order_assume(&order);
    assert_true(ask());
    lose_request();
    assert_true(exchange_order_overlap(&order));
}

static void where_all_was_seen_nothing_is_disproved(void **state)
{
    (void)state;
    assert_true(ask());
    assert_false(exchange_order_overlap(&order));
    assert_true(exchange_order_request(&order, &nowhere, true));
}

/* ---- what TCP acknowledges ---- */

static bool ask_having_received(uint64_t seen_to)
{
    const struct origin first = bytes(500, seen_to), last_response = bytes(1000, 500);
    exchange_order_assume(&order);
    exchange_order_answered(&order, &last_response);
    return exchange_order_request(&order, &first, false);
}

static void a_request_crosses_an_answer_that_its_sender_had_not_received(void **state)
{
    (void)state;
    assert_false(ask_having_received(1000));
}

static void a_request_is_sent_behind_what_its_sender_had_received(void **state)
{
    (void)state;
    assert_true(ask_having_received(1001));
}

static void what_a_sender_had_received_is_not_always_known(void **state)
{
    (void)state;
    assert_true(ask_having_received(0));
}

static void a_response_is_none_to_what_its_sender_had_not_received(void **state)
{
    (void)state;
    const struct origin request = bytes(500, 0);
    const struct origin early = bytes(1000, 500), unknown = bytes(1000, 0);
    const struct origin late = bytes(1000, 501);
    exchange_order_assume(&order);
    assert_true(exchange_order_may_answer(&order, &late, &request));
    assert_true(exchange_order_may_answer(&order, &unknown, &request));
    assert_false(exchange_order_may_answer(&order, &early, &request));
    assert_false(ask());
}

static void where_all_was_seen_messages_are_counted_whatever_is_acknowledged(void **state)
{
    (void)state;
    const struct origin request = bytes(500, 0), response = bytes(1000, 500);
    assert_true(exchange_order_may_answer(&order, &response, &request));
    assert_true(ask());
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
    const struct CMUnitTest tests[] = {
        TEST(behind_a_lost_request_its_answer_brings_order_back),
        TEST(what_may_be_a_lost_request_may_have_been_none),
        TEST(a_request_behind_an_unanswered_one_shows_a_client_that_pipelines),
        TEST(a_request_and_its_answer_lost_at_once_cost_themselves_alone),
        TEST(an_answer_lost_long_before_was_to_no_request_lost_now),
        TEST(two_answers_and_no_request_between_show_a_client_that_pipelines),
        TEST(answers_to_a_client_of_whom_nothing_is_captured_show_nothing),
        TEST(behind_lost_answers_a_second_one_shows_nothing),
        TEST(joined_midway_a_second_request_disproves_what_was_assumed),
        TEST(a_second_request_disproves_what_was_assumed_behind_a_loss_too),
        TEST(where_all_was_seen_nothing_is_disproved),
        TEST(a_request_crosses_an_answer_that_its_sender_had_not_received),
        TEST(a_request_is_sent_behind_what_its_sender_had_received),
        TEST(what_a_sender_had_received_is_not_always_known),
        TEST(a_response_is_none_to_what_its_sender_had_not_received),
        TEST(where_all_was_seen_messages_are_counted_whatever_is_acknowledged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
