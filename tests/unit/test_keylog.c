#include "dissector/tls/keylog.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/support/alloc.h"

#define RANDOM "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F"
#define SECRET_32 "2222222222222222222222222222222222222222222222222222222222222222"
#define SECRET_48 "33333333333333333333333333333333" SECRET_32

static const struct hash_key key = {1, 2};
static uint8_t random_bytes[32];

static struct secret_id by_random(void)
{
    for (size_t i = 0; i < sizeof random_bytes; i++)
        random_bytes[i] = (uint8_t)i;
    return (struct secret_id){SECRET_OF_RANDOM, span_of(random_bytes, sizeof random_bytes)};
}

struct told {
    struct secrets secrets;
    struct keylog keylog;
};

/* Feeds text in pieces of n bytes. */
static void tell(struct told *told, const char *text, size_t n)
{
    struct span rest = span_str(text);
    secrets_init(&told->secrets, 100, &key);
    keylog_init(&told->keylog, &told->secrets);
    for (; rest.len > 0; rest = span_after(rest, n))
        assert_int_equal(keylog_feed(&told->keylog, span_first(rest, n)), FEED_OK);
    assert_int_equal(keylog_finish(&told->keylog), FEED_OK);
}

static void forget(struct told *told)
{
    keylog_free(&told->keylog);
    secrets_free(&told->secrets);
}

static size_t length_of(const struct told *told, enum secret_label label)
{
    struct secret_id id = by_random();
    return secrets_find(&told->secrets, &id, label).len;
}

static void every_label_that_opens_records_is_kept(void **state)
{
    static const struct {
        const char *line;
        enum secret_label label;
        size_t len;
    } rows[] = {
        {"CLIENT_RANDOM " RANDOM " " SECRET_48, SECRET_MASTER, 48},
        {"CLIENT_EARLY_TRAFFIC_SECRET " RANDOM " " SECRET_32, SECRET_CLIENT_EARLY, 32},
        {"CLIENT_HANDSHAKE_TRAFFIC_SECRET " RANDOM " " SECRET_48, SECRET_CLIENT_HANDSHAKE, 48},
        {"SERVER_HANDSHAKE_TRAFFIC_SECRET " RANDOM " " SECRET_32, SECRET_SERVER_HANDSHAKE, 32},
        {"CLIENT_TRAFFIC_SECRET_0 " RANDOM " " SECRET_32 "\r", SECRET_CLIENT_TRAFFIC, 32},
        {"  SERVER_TRAFFIC_SECRET_0\t" RANDOM "  " SECRET_48 " ", SECRET_SERVER_TRAFFIC, 48},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct told told;
        tell(&told, rows[i].line, SIZE_MAX);
        assert_int_equal(length_of(&told, rows[i].label), rows[i].len);
        assert_int_equal(told.keylog.n_secrets, 1);
        assert_int_equal(told.keylog.n_malformed, 0);
        forget(&told);
    }
}

static void labels_that_open_nothing_and_comments_are_passed_over(void **state)
{
    struct told told;
    (void)state;
    tell(&told,
         "# SSL/TLS secrets log file\n\n   \r\n"
         "EXPORTER_SECRET " RANDOM " " SECRET_32 "\n"
         "EARLY_EXPORTER_SECRET " RANDOM " " SECRET_32 "\n"
         "CLIENT_TRAFFIC_SECRET_1 " RANDOM " " SECRET_32 "\n"
         "SERVER_TRAFFIC_SECRET_17 " RANDOM " " SECRET_32 "\n",
         SIZE_MAX);
    assert_int_equal(told.keylog.n_secrets, 0);
    assert_int_equal(told.keylog.n_malformed, 0);
    assert_int_equal(secrets_n_entries(&told.secrets), 0);
    forget(&told);
}

static void lines_that_mean_nothing_are_counted_and_harm_no_other(void **state)
{
    struct told told;
    char text[4096] = "";
    (void)state;
    static const char *const bad[] = {
        "hello",
        "CLIENT_RANDOM",
        "CLIENT_RANDOM " RANDOM,
        "CLIENT_RANDOM " RANDOM " " SECRET_32,         /* a master secret has 48 bytes */
        "CLIENT_RANDOM 00" RANDOM " " SECRET_48,       /* a random has 32 */
        "CLIENT_RANDOM " RANDOM " 0" SECRET_48,        /* half a byte */
        "CLIENT_RANDOM " RANDOM " zz" SECRET_48,       /* not hexadecimal, and too long */
        "CLIENT_TRAFFIC_SECRET_0 " RANDOM " 22222222", /* no hash is so short */
        "RSA 1122 " SECRET_48,
    };
    enum { N_BAD = sizeof bad / sizeof *bad };
    for (size_t i = 0; i < N_BAD; i++) {
        strncat(text, bad[i], sizeof text - strlen(text) - 1);
        strncat(text, "\n", sizeof text - strlen(text) - 1);
    }
    strncat(text, "CLIENT_RANDOM " RANDOM " " SECRET_48, sizeof text - strlen(text) - 1);
    tell(&told, text, SIZE_MAX);
    assert_int_equal(told.keylog.n_malformed, N_BAD);
    assert_int_equal(told.keylog.n_secrets, 1);
    assert_int_equal(length_of(&told, SECRET_MASTER), 48);
    forget(&told);
}

static void a_line_longer_than_any_secret_is_malformed(void **state)
{
    struct told told;
    char text[2 * KEYLOG_MAX_LINE_BYTES];
    (void)state;
    memset(text, 'C', sizeof text);
    text[KEYLOG_MAX_LINE_BYTES + 10] = '\n';
    text[sizeof text - 1] = '\0';
    for (size_t n = 1; n < 5; n++) {
        tell(&told, text, n);
        assert_int_equal(told.keylog.n_malformed, 2);
        forget(&told);
    }
}

static void a_log_cut_anywhere_says_the_same(void **state)
{
    static const char text[] = "CLIENT_RANDOM " RANDOM " " SECRET_48 "\n# x\n"
                               "CLIENT_TRAFFIC_SECRET_0 " RANDOM " " SECRET_32 "\nbad";
    (void)state;
    for (size_t n = 1; n < sizeof text; n++) {
        struct told told;
        tell(&told, text, n);
        assert_int_equal(told.keylog.n_secrets, 2);
        assert_int_equal(told.keylog.n_malformed, 1);
        assert_int_equal(length_of(&told, SECRET_MASTER), 48);
        assert_int_equal(length_of(&told, SECRET_CLIENT_TRAFFIC), 32);
        forget(&told);
    }
}

static void rsa_lines_are_found_by_premaster_and_by_session(void **state)
{
    struct told told;
    static const uint8_t start[8] = {1, 2, 3, 4, 5, 6, 7, 8}, session[3] = {0xaa, 0xbb, 0xcc};
    const struct secret_id premaster = {SECRET_OF_PREMASTER, span_of(start, sizeof start)};
    const struct secret_id by_session = {SECRET_OF_SESSION, span_of(session, sizeof session)};
    (void)state;
    tell(&told,
         "RSA 0102030405060708 " SECRET_48 "\n"
         "RSA Session-ID:aabbcc Master-Key:" SECRET_48 "\n",
         7);
    assert_int_equal(told.keylog.n_secrets, 2);
    assert_int_equal(secrets_find(&told.secrets, &premaster, SECRET_PREMASTER).len, 48);
    assert_int_equal(secrets_find(&told.secrets, &by_session, SECRET_MASTER).len, 48);
    forget(&told);
}

static void beyond_the_limit_the_secrets_told_first_are_forgotten(void **state)
{
    struct secrets secrets;
    const struct hash_key hash_key = {3, 4};
    uint8_t number;
    (void)state;
    secrets_init(&secrets, 3, &hash_key);
    struct secret_id id = {SECRET_OF_RANDOM, span_of(&number, 1)};
    for (number = 0; number < 5; number++)
        assert_true(secrets_put(&secrets, &id, SECRET_MASTER, span_str("secret")));
    assert_int_equal(secrets_n_entries(&secrets), 3);
    number = 1;
    assert_int_equal(secrets_find(&secrets, &id, SECRET_MASTER).len, 0);
    number = 2;
    assert_int_equal(secrets_find(&secrets, &id, SECRET_MASTER).len, 6);
    secrets_free(&secrets);
}

static void without_memory_it_says_so(void **state)
{
    struct secrets secrets;
    struct keylog keylog;
    (void)state;
    for (uint64_t nth = 1; nth < 3; nth++) {
        secrets_init(&secrets, 100, &key);
        keylog_init(&keylog, &secrets);
        alloc_fail_at(nth);
        enum feed fed = keylog_feed(&keylog, span_str("CLIENT_RANDOM " RANDOM " " SECRET_48 "\n"));
        alloc_fail_at(0);
        assert_int_equal(fed, FEED_NOMEM);
        keylog_free(&keylog);
        secrets_free(&secrets);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_label_that_opens_records_is_kept),
        cmocka_unit_test(labels_that_open_nothing_and_comments_are_passed_over),
        cmocka_unit_test(lines_that_mean_nothing_are_counted_and_harm_no_other),
        cmocka_unit_test(a_line_longer_than_any_secret_is_malformed),
        cmocka_unit_test(a_log_cut_anywhere_says_the_same),
        cmocka_unit_test(rsa_lines_are_found_by_premaster_and_by_session),
        cmocka_unit_test(beyond_the_limit_the_secrets_told_first_are_forgotten),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
