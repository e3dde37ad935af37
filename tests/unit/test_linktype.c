/* DLT_ values become LINKTYPE_ values where the two differ. */
#include "capture/linktype.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pcap/dlt.h>

static void what_libpcap_calls_by_another_number_is_converted(void **state)
{
    (void)state;
    assert_int_equal(linktype_of(DLT_RAW), 101);
    assert_int_equal(linktype_of(14), 101);
    assert_int_equal(linktype_of(DLT_ATM_RFC1483), 100);
    assert_int_equal(linktype_of(DLT_SLIP_BSDOS), 102);
    assert_int_equal(linktype_of(DLT_PPP_BSDOS), 103);
    assert_int_equal(linktype_of(DLT_ATM_CLIP), 106);
}

static void all_others_stay(void **state)
{
    (void)state;
    assert_int_equal(linktype_of(DLT_NULL), 0);
    assert_int_equal(linktype_of(DLT_EN10MB), 1);
    assert_int_equal(linktype_of(101), 101);
    assert_int_equal(linktype_of(DLT_LOOP), 108);
    assert_int_equal(linktype_of(DLT_LINUX_SLL), 113);
    assert_int_equal(linktype_of(DLT_LINUX_SLL2), 276);
    assert_int_equal(linktype_of(UINT32_MAX), UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_libpcap_calls_by_another_number_is_converted),
        cmocka_unit_test(all_others_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
