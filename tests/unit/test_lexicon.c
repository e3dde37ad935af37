/* What names mean, remembered. */
#include "dissector/dav/lexicon.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void a_name_means_the_same_when_asked_again(void **state)
{
    (void)state;
    static struct lexicon lexicon;
    const struct xml_tag href = {.uri = "DAV:", .local = "href"};
    for (int i = 0; i < 2; i++) {
        const struct lexicon_entry *entry = lexicon_find(&lexicon, ELEMENT_RESPONSE, &href);
        assert_int_equal(entry->element, ELEMENT_HREF);
        assert_false(entry->is_broken);
    }
}

static void a_name_means_something_else_in_another_element_or_namespace(void **state)
{
    (void)state;
    static struct lexicon lexicon;
    static const char local[] = "href"; /* one name, in one place, as the parser keeps it */
    const struct xml_tag ours = {.uri = "DAV:", .local = local};
    const struct xml_tag other = {.uri = "urn:other", .local = local};
    const struct xml_tag undeclared = {.prefix = "d", .local = local};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(lexicon_find(&lexicon, ELEMENT_RESPONSE, &ours)->element, ELEMENT_HREF);
        assert_int_equal(lexicon_find(&lexicon, ELEMENT_PROP, &ours)->element, ELEMENT_PROPERTY);
        assert_int_equal(lexicon_find(&lexicon, ELEMENT_RESPONSE, &other)->element, ELEMENT_PASSED);
        assert_true(lexicon_find(&lexicon, ELEMENT_RESPONSE, &undeclared)->is_broken);
    }
}

static void names_are_reported_in_their_proper_namespace(void **state)
{
    (void)state;
    static struct lexicon lexicon = {.is_bare = true};
    const struct xml_tag variant = {.uri = "dav:", .local = "getetag"};
    const struct xml_tag bare = {.local = "getetag"};
    assert_true(
        span_equal(lexicon_find(&lexicon, ELEMENT_PROP, &variant)->name.space, span_str("DAV:")));
    assert_true(
        span_equal(lexicon_find(&lexicon, ELEMENT_PROP, &bare)->name.space, span_str("DAV:")));
}

static void more_names_than_there_is_room_for_all_keep_their_meaning(void **state)
{
    (void)state;
    static struct lexicon lexicon;
    static char names[4 * LEXICON_ENTRIES][8];
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            memcpy(names[i], i % 2 ? "getetag" : "unknown", 8);
            const struct xml_tag named = {.uri = "DAV:", .local = names[i]};
            const struct lexicon_entry *entry = lexicon_find(&lexicon, ELEMENT_PROP, &named);
            assert_int_equal(entry->element, i % 2 ? ELEMENT_PROPERTY_ETAG : ELEMENT_PROPERTY);
            assert_ptr_equal(entry->name.local.ptr, names[i]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_means_the_same_when_asked_again),
        cmocka_unit_test(a_name_means_something_else_in_another_element_or_namespace),
        cmocka_unit_test(names_are_reported_in_their_proper_namespace),
        cmocka_unit_test(more_names_than_there_is_room_for_all_keep_their_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
