#include "output/remark.h"
#include "tests/support/written.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void a_frame_of_several_captures_is_named_with_its_own(void **state)
{
    (void)state;
    struct written written;
    const struct source items[] = {{.file = "a.pcap"}, {.interface = "eth0"}};
    struct detection detection = {.sources = {items, 1}};
    written_begin(&written);
    remark_frame(&detection, &written.writer, 0, 12);
    assert_string_equal(written_text(&written), "frame 12");
    detection.sources.n = 2;
    remark_frame(&detection, &written.writer, 1, 12);
    assert_string_equal(written_text(&written), "frame 12 of eth0");
    (void)writer_close(&written.writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_of_several_captures_is_named_with_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
