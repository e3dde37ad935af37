#include "dissector/dav/privilege.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void every_name_is_found_by_its_bit(void **state)
{
    (void)state;
    for (unsigned i = 0; i < PRIVILEGE_N; i++)
        assert_int_equal(privilege_find(span_str(privilege_name(i))), UINT32_C(1) << i);
    assert_int_equal(privilege_find(span_str("schedule-send")), 0);
    assert_int_equal(privilege_find(span_str("")), 0);
}

static void write_and_all_hold_their_parts(void **state)
{
    (void)state;
    assert_true(privilege_is_granted(PRIVILEGE_BIND, PRIVILEGE_BIND));
    assert_true(privilege_is_granted(PRIVILEGE_WRITE, PRIVILEGE_UNBIND));
    assert_true(privilege_is_granted(PRIVILEGE_ALL, PRIVILEGE_WRITE_ACL));
    assert_false(privilege_is_granted(PRIVILEGE_WRITE, PRIVILEGE_WRITE_ACL));
    assert_false(privilege_is_granted(PRIVILEGE_READ | PRIVILEGE_BIND, PRIVILEGE_UNBIND));
    assert_false(privilege_is_granted(0, PRIVILEGE_READ));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_is_found_by_its_bit),
        cmocka_unit_test(write_and_all_hold_their_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
