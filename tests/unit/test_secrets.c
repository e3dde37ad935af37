/* Secrets kept, found and forgotten. */
#include "dissector/base/limit.h"
#include "dissector/tls/secrets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct hash_key key = {1, 2};

static struct secret_id random_id(const char *bytes)
{
    return (struct secret_id){SECRET_OF_RANDOM, span_str(bytes)};
}

static void put(struct secrets *secrets, const char *id, enum secret_label label, const char *text)
{
    const struct secret_id of = random_id(id);
    assert_true(secrets_put(secrets, &of, label, span_str(text)));
}

static void assert_found(const struct secrets *secrets, const char *id, enum secret_label label,
                         const char *text)
{
    const struct secret_id of = random_id(id);
    assert_true(span_equal(secrets_find(secrets, &of, label), span_str(text)));
}

static void a_secret_is_found_by_what_it_is_of_and_its_label(void **state)
{
    (void)state;
    struct secrets secrets;
    secrets_init(&secrets, limits_default.max_tls_sessions, &key);
    put(&secrets, "one", SECRET_CLIENT_TRAFFIC, "client");
    put(&secrets, "one", SECRET_SERVER_TRAFFIC, "server");
    assert_found(&secrets, "one", SECRET_CLIENT_TRAFFIC, "client");
    assert_found(&secrets, "one", SECRET_SERVER_TRAFFIC, "server");
    assert_found(&secrets, "one", SECRET_CLIENT_EARLY, "");
    assert_found(&secrets, "two", SECRET_CLIENT_TRAFFIC, "");
    const struct secret_id session = {SECRET_OF_SESSION, span_str("one")};
    assert_int_equal(secrets_find(&secrets, &session, SECRET_CLIENT_TRAFFIC).len, 0);
    assert_int_equal(secrets_n_entries(&secrets), 1);
    secrets_free(&secrets);
}

static void beyond_max_tls_sessions_those_that_came_first_are_forgotten(void **state)
{
    (void)state;
    struct limits limits = limits_default;
    limits.max_tls_sessions = 2;
    struct secrets secrets;
    secrets_init(&secrets, limits.max_tls_sessions, &key);
    put(&secrets, "one", SECRET_MASTER, "1");
    put(&secrets, "two", SECRET_MASTER, "2");
    assert_found(&secrets, "one", SECRET_MASTER, "1");
    put(&secrets, "three", SECRET_MASTER, "3");
    assert_found(&secrets, "one", SECRET_MASTER, "");
    assert_found(&secrets, "two", SECRET_MASTER, "2");
    assert_found(&secrets, "three", SECRET_MASTER, "3");
    assert_int_equal(secrets_n_entries(&secrets), 2);
    secrets_free(&secrets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_found_by_what_it_is_of_and_its_label),
        cmocka_unit_test(beyond_max_tls_sessions_those_that_came_first_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
