#include "dissector/http/message.h"

#include "dissector/base/fingerprint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void every_field_is_found_by_its_name_in_any_case(void **state)
{
    (void)state;
    for (unsigned i = 0; i < HTTP_FIELD_N; i++) {
        char upper[40];
        const char *name = http_field_name((enum http_field)i);
        size_t n = strlen(name);
        for (size_t j = 0; j <= n; j++)
            upper[j] = (char)(name[j] >= 'a' && name[j] <= 'z' ? name[j] - 32 : name[j]);
        assert_int_equal(http_field_find(span_str(name)), i);
        assert_int_equal(http_field_find(span_str(upper)), i);
        assert_int_equal(http_field_find(span_of(name, n - 1)) == i, false);
    }
}

static void fields_that_carry_secrets_have_no_row(void **state)
{
    (void)state;
    static const char *const names[] = {"authorization",
                                        "proxy-authorization",
                                        "cookie",
                                        "set-cookie",
                                        "www-authenticate",
                                        "proxy-authenticate",
                                        "authentication-info",
                                        "if",
                                        "lock-token",
                                        "x-auth-token",
                                        "referer",
                                        "x-api-key",
                                        "requesttoken",
                                        "",
                                        "x"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(http_field_find(span_str(names[i])), HTTP_FIELD_N);
}

static void note(struct http_head *head, const char *name, const char *value)
{
    struct span field = span_str(name);
    assert_true(http_is_secret(field));
    http_head_note_secret(head, field, http_secret_fingerprint(field, span_str(value)));
}

static uint64_t account_of(const char *value)
{
    struct http_head head = {0};
    note(&head, "Authorization", value);
    assert_true(head.has_authorization);
    assert_false(head.has_lock_token);
    return head.account;
}

static void accounts_are_told_apart_by_what_stays_the_same(void **state)
{
    uint64_t basic = account_of("Basic YTpi"), bearer = account_of("Bearer xyz");
    uint64_t digest = account_of("Digest username=\"a\", nonce=\"1\", response=\"2\"");
    (void)state;
    assert_int_equal(basic, account_of("Basic YTpi"));
    assert_int_not_equal(basic, account_of("Basic YzpK"));
    assert_int_not_equal(basic, bearer);
    assert_int_equal(digest, account_of("Digest username=\"a\", nonce=\"8\", response=\"9\""));
    assert_int_not_equal(digest, account_of("Digest username=\"b\", nonce=\"1\""));
    assert_int_equal(account_of("Digest nonce=\"1\""), 0);
    assert_int_equal(account_of("Negotiate YIIJ"), 0);
    assert_int_equal(account_of(""), 0);
    struct http_head head = {0};
    note(&head, "Proxy-Authorization", "Basic YTpi");
    assert_true(head.has_authorization);
    assert_int_equal(head.account, 0);
}

static uint64_t lock_token_of(const char *name, const char *value)
{
    struct http_head head = {0};
    note(&head, name, value);
    assert_true(head.has_lock_token);
    assert_false(head.has_authorization);
    return head.lock_token;
}

static void locks_are_told_apart_by_their_tokens(void **state)
{
    uint64_t one = lock_token_of("Lock-Token", " <urn:uuid:1> ");
    (void)state;
    assert_int_not_equal(one, 0);
    assert_int_not_equal(one, lock_token_of("lock-token", "<urn:uuid:2>"));
    assert_int_equal(one, lock_token_of("If", "(<urn:uuid:1>)"));
    assert_int_equal(one, lock_token_of("If", "<http://dav.example/a> ( <urn:uuid:1> [\"e\"])"));
    assert_int_equal(one, fingerprint_of(span_str("urn:uuid:1")));
    assert_int_equal(lock_token_of("If", "([\"e\"])"), 0);
    assert_int_equal(lock_token_of("If", "<urn:uuid:1>"), 0);
    assert_int_equal(lock_token_of("Lock-Token", "urn:uuid:1"), 0);
    assert_int_equal(lock_token_of("Lock-Token", ""), 0);
    struct http_head head = {0};
    note(&head, "Lock-Token", "<urn:uuid:1>");
    note(&head, "If", "(<urn:uuid:2>)");
    assert_int_equal(head.lock_token, one);
}

static void nothing_is_known_of_any_other_secret(void **state)
{
    (void)state;
    static const char *const names[] = {"cookie", "if-match", "lock-tokens", ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct http_head head = {0};
        assert_false(http_is_secret(span_str(names[i])));
        assert_int_equal(http_secret_fingerprint(span_str(names[i]), span_str("<a>")), 0);
        http_head_note_secret(&head, span_str(names[i]), 1);
        assert_int_equal(head.account, 0);
        assert_int_equal(head.lock_token, 0);
        assert_false(head.has_authorization || head.has_lock_token);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accounts_are_told_apart_by_what_stays_the_same),
        cmocka_unit_test(locks_are_told_apart_by_their_tokens),
        cmocka_unit_test(nothing_is_known_of_any_other_secret),
        cmocka_unit_test(every_field_is_found_by_its_name_in_any_case),
        cmocka_unit_test(fields_that_carry_secrets_have_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
