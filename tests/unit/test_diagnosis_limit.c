/* How many open documents are looked at. */
#include "output/diagnosis.h"
#include "tests/support/event_build.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct hash_key key = {1, 2};
static struct diagnosis diagnosis;

/* Of the document that ended last. */
static size_t n_seen;
static bool has_lost;

static enum feed take(void *ctx, const struct event *event)
{
    (void)ctx;
    enum feed answer = diagnosis_event(&diagnosis, event);
    if (event->kind == EVENT_DOCUMENT_END) {
        const struct sightings *settled = diagnosis_settle(&diagnosis, true);
        n_seen = settled->n;
        has_lost = settled->has_lost;
    }
    return answer;
}

static void begin(struct event_build *build, unsigned number)
{
    event_build_init(build, (struct event_sink){take, NULL}, number);
    event_build_begin(build);
    assert_int_equal(build->feed, FEED_OK);
}

/* Ends it with a locked resource, of which D36 has to say something. */
static void end_locked(struct event_build *build)
{
    event_build_status(build, "/d/a", 423, OUTCOME_FAILED);
    event_build_end(build, VERDICT_ALL_FAILED, NULL);
    assert_int_equal(build->feed, FEED_OK);
}

static void while_more_than_diagnosis_max_open_documents_are_open_nothing_is_looked_at(void **state)
{
    (void)state;
    static struct event_build build;
    diagnosis_init(&diagnosis, &key);
    for (unsigned i = 1; i <= DIAGNOSIS_MAX_OPEN; i++)
        begin(&build, i);
    end_locked(&build);
    assert_true(n_seen > 0);
    assert_false(has_lost);
    begin(&build, DIAGNOSIS_MAX_OPEN + 1);
    begin(&build, DIAGNOSIS_MAX_OPEN + 2);
    end_locked(&build);
    assert_int_equal(n_seen, 0);
    assert_true(has_lost);
    diagnosis_free(&diagnosis);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            while_more_than_diagnosis_max_open_documents_are_open_nothing_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
