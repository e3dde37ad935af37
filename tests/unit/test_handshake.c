/* Records out of bytes and handshake messages out of records: how large a record may be, messages
 * that are split and joined in any way, and those that are passed over. */
#include "dissector/tls/handshake.h"
#include "dissector/tls/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* ---- records ---- */

static enum record_answer count_body(void *ctx, const struct record *record)
{
    *(size_t *)ctx += record->body.len;
    return RECORD_TAKEN;
}

/* How much of the record's body comes out, when another record follows. */
static size_t body_bytes_of_record(size_t body_bytes)
{
    static uint8_t bytes[2 * RECORD_HEADER_BYTES + RECORD_MAX_BODY_BYTES + 2] = {RECORD_DATA, 3, 3};
    const struct origin origin = {.ordinal = 1};
    const uint8_t next[] = {RECORD_ALERT, 3, 3, 0, 1, 0};
    size_t total = 0;
    struct records records;
    bytes[3] = (uint8_t)(body_bytes >> 8);
    bytes[4] = (uint8_t)body_bytes;
    size_t len = RECORD_HEADER_BYTES + body_bytes;
    memcpy(bytes + len, next, sizeof next);
    records_init(&records, UINT64_MAX, (struct record_sink){count_body, &total});
    assert_int_equal(records_feed(&records, span_of(bytes, len + sizeof next), &origin), FEED_OK);
    records_free(&records);
    return total - 1; /* that of the other */
}

static void a_record_is_as_large_as_the_specification_lets_it_be_and_no_larger(void **state)
{
    (void)state;
    assert_int_equal(body_bytes_of_record(1), 1);
    assert_int_equal(body_bytes_of_record(RECORD_MAX_BODY_BYTES), RECORD_MAX_BODY_BYTES);
    assert_int_equal(body_bytes_of_record(RECORD_MAX_BODY_BYTES + 1), 0);
}

/* ---- messages ---- */

enum { MAX_BYTES = 64 };

/* A certificate, which tells nothing here, between messages that are of use; one is empty. */
static const uint8_t flight[] = {
    2,  0, 0, 5, 'h', 'e', 'l', 'l', 'o',                     /* ServerHello */
    11, 0, 0, 9, 'c', 'e', 'r', 't', 'i', 'f', 'i', 'e', 'd', /* Certificate */
    5,  0, 0, 0,                                              /* EndOfEarlyData */
    20, 0, 0, 3, 'e', 'n', 'd',                               /* Finished */
};

/* Types and bodies of what comes out, in text. */
static void play(size_t piece_bytes, bool wants_all, char *text, size_t size)
{
    struct handshake handshake;
    struct handshake_message message;
    bool is_nomem;
    size_t len = 0;
    handshake_init(&handshake, MAX_BYTES, wants_all);
    for (struct span rest = span_of(flight, sizeof flight); rest.len > 0;) {
        struct span piece = span_first(rest, piece_bytes);
        rest = span_after(rest, piece.len);
        while (handshake_next(&handshake, &piece, &message, &is_nomem))
            len += (size_t)snprintf(text + len, size - len, "%d:%.*s ", (int)message.type,
                                    (int)message.body.len, (const char *)message.body.ptr);
        assert_false(is_nomem);
    }
    handshake_free(&handshake);
}

static void messages_come_out_however_records_split_and_join_them(void **state)
{
    char some[200] = "", all[200] = "";
    (void)state;
    for (size_t piece_bytes = 1; piece_bytes <= sizeof flight; piece_bytes++) {
        play(piece_bytes, false, some, sizeof some);
        assert_string_equal(some, "2:hello 5: 20:end ");
        play(piece_bytes, true, all, sizeof all);
        assert_string_equal(all, "2:hello 11:certified 5: 20:end ");
    }
}

static void a_message_longer_than_the_limit_is_passed_over(void **state)
{
    uint8_t bytes[4 + MAX_BYTES + 7] = {2, 0, 0, MAX_BYTES};
    struct handshake handshake;
    struct handshake_message message;
    struct span content = span_of(bytes, sizeof bytes);
    bool is_nomem;
    (void)state;
    memcpy(bytes + 4 + MAX_BYTES, flight + sizeof flight - 7, 7);
    handshake_init(&handshake, MAX_BYTES, false);
    assert_true(handshake_next(&handshake, &content, &message, &is_nomem));
    assert_int_equal(message.type, HANDSHAKE_FINISHED);
    assert_false(handshake_next(&handshake, &content, &message, &is_nomem));
    handshake_free(&handshake);
}

static void behind_a_loss_the_next_content_begins_a_message(void **state)
{
    struct handshake handshake;
    struct handshake_message message;
    struct span torn = span_of(flight, 6), content = span_of(flight + sizeof flight - 7, 7);
    bool is_nomem;
    (void)state;
    handshake_init(&handshake, MAX_BYTES, false);
    assert_false(handshake_next(&handshake, &torn, &message, &is_nomem));
    handshake_restart(&handshake);
    assert_true(handshake_next(&handshake, &content, &message, &is_nomem));
    assert_int_equal(message.type, HANDSHAKE_FINISHED);
    handshake_free(&handshake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_as_large_as_the_specification_lets_it_be_and_no_larger),
        cmocka_unit_test(messages_come_out_however_records_split_and_join_them),
        cmocka_unit_test(a_message_longer_than_the_limit_is_passed_over),
        cmocka_unit_test(behind_a_loss_the_next_content_begins_a_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
