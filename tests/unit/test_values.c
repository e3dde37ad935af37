/* Property values that are kept: of properties that were delivered, and of no others. */
#include "dissector/dav/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static char values[VALUE_N][64];
static bool is_delivered[VALUE_N], is_collection, has_type, is_unauthenticated, offers_sync;
static bool is_folder_type, has_nested_collection, has_privileges;
static uint32_t privileges, needed;
static char description[64];
static uint16_t nested_status;
static uint32_t flags;
static unsigned n_begun;
static bool has_locks;
static char locks[256]; /* "token shared deep owner timeout root;" of each */

static enum feed on_begin(void *ctx, enum root root, const struct origin *origin)
{
    (void)ctx, (void)root, (void)origin;
    n_begun++;
    return FEED_OK;
}

static void take_locks(const struct resource *resource)
{
    size_t len = 0;
    has_locks = resource->has_locks;
    locks[0] = '\0';
    for (size_t i = 0; i < resource->n_locks; i++) {
        const struct active_lock *lock = &resource->locks[i];
        len += (size_t)snprintf(
            locks + len, sizeof locks - len, "%s%s%s%.*s %.*s %.*s;", lock->token ? "token " : "",
            lock->is_shared ? "shared " : "", lock->is_deep ? "deep " : "", (int)lock->owner.len,
            (const char *)lock->owner.ptr, (int)lock->timeout.len, (const char *)lock->timeout.ptr,
            (int)lock->root.len, (const char *)lock->root.ptr);
    }
}

static enum feed on_resource(void *ctx, const struct resource *resource,
                             const struct origin *origin)
{
    (void)ctx, (void)origin;
    is_collection = resource->is_collection;
    has_type = resource->has_type;
    is_unauthenticated = resource->is_unauthenticated;
    offers_sync = resource->offers_sync;
    is_folder_type = resource->is_folder_type;
    has_nested_collection = resource->has_nested_collection;
    has_privileges = resource->has_privileges;
    privileges = resource->privileges;
    needed = resource->needed;
    snprintf(description, sizeof description, "%.*s", (int)resource->description.len,
             (const char *)resource->description.ptr);
    nested_status = resource->nested_status;
    flags = resource->flags;
    take_locks(resource);
    for (size_t i = 0; i < VALUE_N; i++) {
        struct span value = resource->values[i];
        is_delivered[i] = value.ptr != NULL;
        snprintf(values[i], sizeof values[i], "%.*s", (int)value.len, (const char *)value.ptr);
    }
    return FEED_OK;
}

static void on_note(void *ctx, const struct anomaly *anomaly)
{
    (void)ctx, (void)anomaly;
}

static void on_end(void *ctx, const struct document_end *end, const struct origin *origin)
{
    (void)ctx, (void)end, (void)origin;
}

static const struct document_ops ops = {on_begin, on_resource, on_note, on_end, NULL};

/* Decodes a Multi-Status of one response with these propstats, byte by byte. */
static void decode(const char *propstats)
{
    char body[2048];
    snprintf(body, sizeof body,
             "<D:multistatus xmlns:D='DAV:' xmlns:CS='http://calendarserver.org/ns/'>"
             "<D:response><D:href>/a/</D:href>%s</D:response></D:multistatus>",
             propstats);
    struct request request = {.operation = OPERATION_PROPFIND};
    struct document_params params = {
        .limits = &limits_default, .request = &request, .http_status = 207};
    struct document_finish_params finish = {.why = END_COMPLETE};
    struct origin origin = {.ordinal = 1};
    struct document *document;
    assert_int_equal(document_open(&document, &params, &ops, NULL), FEED_OK);
    for (size_t i = 0; body[i]; i++)
        assert_int_equal(document_feed(document, span_of(body + i, 1), &origin), FEED_OK);
    document_finish(document, &finish, &origin);
    document_close(document);
}

#define PROPSTAT(props, status)                                                                    \
    "<D:propstat><D:prop>" props "</D:prop><D:status>HTTP/1.1 " status "</D:status></D:propstat>"

static void values_are_trimmed_and_kept(void **state)
{
    (void)state;
    decode(PROPSTAT("<D:getetag> \"1\"\n</D:getetag><D:sync-token>t</D:sync-token>"
                    "<D:getlastmodified>Sun</D:getlastmodified><CS:getctag>c</CS:getctag>"
                    "<D:quota-available-bytes>0</D:quota-available-bytes>"
                    "<O:permissions xmlns:O=\"http://owncloud.org/ns\">RGDNVW</O:permissions>",
                    "200 OK"));
    assert_string_equal(values[VALUE_ETAG], "\"1\"");
    assert_string_equal(values[VALUE_SYNC_TOKEN], "t");
    assert_string_equal(values[VALUE_LAST_MODIFIED], "Sun");
    assert_string_equal(values[VALUE_CTAG], "c");
    assert_string_equal(values[VALUE_QUOTA_AVAILABLE], "0");
    assert_string_equal(values[VALUE_PERMISSIONS], "RGDNVW");
    assert_false(is_delivered[VALUE_RESOURCETYPE]);
    assert_false(is_collection);
}

static void what_a_failed_propstat_holds_is_no_value(void **state)
{
    (void)state;
    decode(PROPSTAT("<D:getetag>x</D:getetag><D:resourcetype><D:collection/></D:resourcetype>",
                    "404 Not Found"));
    assert_false(is_delivered[VALUE_ETAG]);
    assert_false(is_delivered[VALUE_RESOURCETYPE]);
    assert_false(is_collection);
}

static void an_empty_value_was_delivered(void **state)
{
    (void)state;
    decode(PROPSTAT("<D:getetag/><D:resourcetype/>", "200 OK"));
    assert_true(is_delivered[VALUE_ETAG] && is_delivered[VALUE_RESOURCETYPE]);
    assert_string_equal(values[VALUE_ETAG], "");
    assert_false(is_collection);
}

static void a_collection_is_known_by_its_element_alone(void **state)
{
    (void)state;
    decode(PROPSTAT("<D:resourcetype><D:collection/></D:resourcetype>", "200 OK"));
    assert_true(is_collection);
    assert_string_equal(values[VALUE_RESOURCETYPE], "");
    decode(PROPSTAT("<D:resourcetype>collection</D:resourcetype>", "200 OK"));
    assert_false(is_collection);
    assert_string_equal(values[VALUE_RESOURCETYPE], "collection");
    decode(PROPSTAT("<D:other><D:collection/></D:other>", "200 OK"));
    assert_false(is_collection);
}

static void any_element_is_a_type_and_text_is_none(void **state)
{
    static const struct {
        const char *value;
        bool has_type;
    } rows[] = {
        {"<D:resourcetype><D:collection/></D:resourcetype>", true},
        {"<D:resourcetype><D:principal/></D:resourcetype>", true},
        {"<D:resourcetype><x xmlns='u:'/></D:resourcetype>", true},
        {"<D:resourcetype/>", false},
        {"<D:resourcetype>collection</D:resourcetype>", false},
        {"<D:other><D:principal/></D:other>", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char propstat[256];
        snprintf(propstat, sizeof propstat, PROPSTAT("%s", "200 OK"), rows[i].value);
        decode(propstat);
        assert_int_equal(has_type, rows[i].has_type);
    }
    decode(PROPSTAT("<D:resourcetype><D:principal/></D:resourcetype>", "404 No"));
    assert_false(has_type);
}

static void a_stranger_and_an_offered_report_are_seen_in_their_own_property_alone(void **state)
{
    (void)state;
    decode(PROPSTAT("<D:current-user-principal><D:unauthenticated/></D:current-user-principal>"
                    "<D:x><D:sync-collection/></D:x>",
                    "200 OK"));
    assert_true(is_unauthenticated);
    assert_false(offers_sync);
    decode(PROPSTAT("<D:supported-report-set><D:supported-report><D:report><D:sync-collection/>"
                    "</D:report></D:supported-report></D:supported-report-set>"
                    "<D:owner><D:unauthenticated/></D:owner>",
                    "200 OK"));
    assert_true(offers_sync);
    assert_false(is_unauthenticated);
}

static void the_innermost_text_of_a_lock_names_its_owner(void **state)
{
    static const char *const owners[] = {"Jane", "<D:href>Jane</D:href>",
                                         "<x xmlns='u:'><y> Jane </y></x> of here"};
    (void)state;
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        char propstat[512];
        snprintf(propstat, sizeof propstat,
                 PROPSTAT("<D:owner>Boss</D:owner><D:lockdiscovery><D:activelock><D:owner>%s"
                          "</D:owner><D:timeout> Second-60 </D:timeout></D:activelock>"
                          "<D:activelock><D:owner>Ann</D:owner></D:activelock></D:lockdiscovery>",
                          "200 OK"),
                 owners[i]);
        decode(propstat);
        assert_string_equal(locks, "Jane Second-60 ;Ann  ;");
    }
    decode(PROPSTAT("<D:lockdiscovery/>", "200 OK"));
    assert_true(has_locks);
    assert_string_equal(locks, "");
    decode(PROPSTAT("<D:lockdiscovery/>", "404 Not Found") PROPSTAT("<D:x/>", "200 OK"));
    assert_false(has_locks);
}

#define LOCKS                                                                                      \
    "<D:lockdiscovery><D:activelock><D:lockscope><D:shared/></D:lockscope><D:depth>Infinity"       \
    "</D:depth><D:timeout>Infinite</D:timeout><D:locktoken><D:href>urn:uuid:1</D:href>"            \
    "</D:locktoken><D:lockroot><D:href>/a</D:href></D:lockroot></D:activelock><D:activelock>"      \
    "<D:lockscope><D:exclusive/></D:lockscope><D:depth>0</D:depth><D:owner>Joe</D:owner>"          \
    "</D:activelock></D:lockdiscovery>"

static void several_locks_are_kept_apart(void **state)
{
    (void)state;
    decode(PROPSTAT("<D:lockscope><D:shared/></D:lockscope>" LOCKS, "200 OK"));
    assert_string_equal(locks, "token shared deep  Infinite /a;Joe  ;");
}

static unsigned n_answers;

static enum feed on_locks(void *ctx, const struct resource *resource, const struct origin *origin)
{
    (void)ctx, (void)origin;
    n_answers++;
    assert_true(span_equal(resource->hrefs[0], span_str("/t")));
    take_locks(resource);
    return FEED_OK;
}

static void answer(enum operation operation, uint16_t status, size_t n_bytes)
{
    static const struct document_ops lock_ops = {on_begin, on_resource, on_note, on_end, on_locks};
    static const char body[] = "<D:prop xmlns:D='DAV:'><D:x/>" LOCKS "</D:prop>";
    struct request request = {.operation = operation, .target = span_str("/t"), .is_seen = true};
    struct document_params params = {
        .limits = &limits_default, .request = &request, .http_status = status};
    struct document_finish_params finish = {.why = END_FIN};
    struct origin origin = {.ordinal = 1};
    struct document *document;
    n_answers = 0;
    n_begun = 0;
    assert_int_equal(document_open(&document, &params, &lock_ops, NULL), FEED_OK);
    for (size_t i = 0; i < n_bytes && i < sizeof body - 1; i++)
        (void)document_feed(document, span_of(body + i, 1), &origin);
    document_finish(document, &finish, &origin);
    assert_false(document_is_undecided(document));
    document_close(document);
}

static void the_answer_to_a_lock_tells_the_locks_and_is_no_document(void **state)
{
    (void)state;
    answer(OPERATION_LOCK, 200, SIZE_MAX);
    assert_int_equal(n_answers, 1);
    assert_int_equal(n_begun, 0);
    assert_string_equal(locks, "token shared deep  Infinite /a;Joe  ;");
    answer(OPERATION_LOCK, 423, SIZE_MAX);
    assert_int_equal(n_answers, 0);
    answer(OPERATION_POST, 200, SIZE_MAX);
    assert_int_equal(n_answers, 0);
    assert_int_equal(n_begun, 0);
}

static void of_an_answer_that_breaks_off_no_lock_is_told(void **state)
{
    (void)state;
    answer(OPERATION_LOCK, 200, 200);
    assert_false(has_locks);
    assert_int_equal(n_begun, 0);
}

static void types_of_folders_and_collections_in_the_wrong_place_are_told(void **state)
{
    (void)state;
    decode(PROPSTAT("<D:resourcetype><calendar xmlns='urn:ietf:params:xml:ns:caldav'/>"
                    "</D:resourcetype>",
                    "200 OK"));
    assert_true(is_folder_type && has_type && !is_collection && !has_nested_collection);
    decode(PROPSTAT("<D:resourcetype><D:x><D:collection/></D:x></D:resourcetype>", "200 OK"));
    assert_true(has_nested_collection && !is_folder_type && !is_collection);
    decode(PROPSTAT("<D:resourcetype><D:collection/></D:resourcetype>", "200 OK"));
    assert_true(is_collection && !is_folder_type && !has_nested_collection);
}

static void privileges_are_those_of_the_property_or_of_the_refusal(void **state)
{
    (void)state;
    decode(PROPSTAT("<D:current-user-privilege-set><D:privilege><D:read/></D:privilege>"
                    "<D:privilege><D:write-content/></D:privilege>"
                    "<D:privilege><D:odd/></D:privilege></D:current-user-privilege-set>",
                    "200 OK"));
    assert_true(has_privileges);
    assert_int_equal(privileges, PRIVILEGE_READ | PRIVILEGE_WRITE_CONTENT);
    decode("<D:status>HTTP/1.1 403 No</D:status><D:error><D:need-privileges><D:resource>"
           "<D:href>/b</D:href><D:privilege><D:bind/></D:privilege></D:resource>"
           "</D:need-privileges></D:error>");
    assert_false(has_privileges);
    assert_int_equal(needed, PRIVILEGE_BIND);
}

static void a_program_s_own_word_describes_what_nothing_else_does(void **state)
{
    (void)state;
    decode("<D:status>HTTP/1.1 503 No</D:status><D:error><s:exception xmlns:s="
           "'http://sabredav.org/ns'>Gone\\Fishing</s:exception></D:error>");
    assert_string_equal(description, "Gone\\Fishing");
    decode("<D:status>HTTP/1.1 503 No</D:status><D:error xmlns:s='http://sabredav.org/ns'>"
           "<s:exception>Gone\\Fishing</s:exception><s:message>Back soon</s:message></D:error>");
    assert_string_equal(description, "Back soon");
}

static void a_name_to_show_and_a_principal_are_kept(void **state)
{
    (void)state;
    decode(PROPSTAT("<D:displayname>Work</D:displayname><D:current-user-principal>"
                    "<D:href>/p/ann/</D:href></D:current-user-principal>",
                    "200 OK"));
    assert_string_equal(values[VALUE_DISPLAYNAME], "Work");
    assert_string_equal(values[VALUE_PRINCIPAL], "/p/ann/");
}

#define NESTED(status)                                                                             \
    "<D:response><D:href>/b</D:href><D:status>HTTP/1.1 " status "</D:status></D:response>"

static void what_failed_inside_a_property_lowers_the_resource(void **state)
{
    static const struct {
        const char *value;
        uint16_t status;
    } rows[] = {
        {"<D:m>" NESTED("200 OK") NESTED("404 No") "</D:m>", 0},
        {"<D:m>" NESTED("410 No") NESTED("403 No") "</D:m>", 403},
        {"<D:m>" NESTED("200 OK") NESTED("403 No") NESTED("500 No") "</D:m>", 403},
        {"<D:m><D:response><D:href>/b</D:href>" PROPSTAT("<D:a/>", "200 OK")
             PROPSTAT("<D:b/>", "507 No") "</D:response></D:m>",
         507},
        {"<D:m><D:response><D:href>/b</D:href>" PROPSTAT("<D:m>" NESTED("403 No") "</D:m>",
                                                         "200 OK") "</D:response></D:m>",
         403},
        {"<D:m><x xmlns='u:'>" NESTED("403 No") "</x></D:m>", 403},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char propstat[1024];
        snprintf(propstat, sizeof propstat, PROPSTAT("%s", "200 OK"), rows[i].value);
        decode(propstat);
        assert_int_equal(nested_status, rows[i].status);
        assert_int_equal((flags & RESOURCE_DEGRADED) != 0, rows[i].status != 0);
    }
}

static void the_first_delivered_value_is_kept(void **state)
{
    (void)state;
    decode(PROPSTAT("<D:getetag>a</D:getetag>", "404 No") PROPSTAT(
        "<D:getetag>b</D:getetag>", "200") PROPSTAT("<D:getetag>c</D:getetag>", "200"));
    assert_string_equal(values[VALUE_ETAG], "b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_innermost_text_of_a_lock_names_its_owner),
        cmocka_unit_test(several_locks_are_kept_apart),
        cmocka_unit_test(the_answer_to_a_lock_tells_the_locks_and_is_no_document),
        cmocka_unit_test(of_an_answer_that_breaks_off_no_lock_is_told),
        cmocka_unit_test(types_of_folders_and_collections_in_the_wrong_place_are_told),
        cmocka_unit_test(privileges_are_those_of_the_property_or_of_the_refusal),
        cmocka_unit_test(a_program_s_own_word_describes_what_nothing_else_does),
        cmocka_unit_test(a_name_to_show_and_a_principal_are_kept),
        cmocka_unit_test(values_are_trimmed_and_kept),
        cmocka_unit_test(what_a_failed_propstat_holds_is_no_value),
        cmocka_unit_test(an_empty_value_was_delivered),
        cmocka_unit_test(a_collection_is_known_by_its_element_alone),
        cmocka_unit_test(any_element_is_a_type_and_text_is_none),
        cmocka_unit_test(a_stranger_and_an_offered_report_are_seen_in_their_own_property_alone),
        cmocka_unit_test(what_failed_inside_a_property_lowers_the_resource),
        cmocka_unit_test(the_first_delivered_value_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
