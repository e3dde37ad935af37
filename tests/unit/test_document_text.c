/* Encodings, namespaces, damage and odd output around the XML: DOMAIN.md 1.1, 1.6, 5.1. */
#include "tests/support/document_play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define RESPONSE(href)                                                                             \
    "<D:response><D:href>" href "</D:href><D:status>HTTP/1.1 200 OK</D:status></D:response>"
#define MULTISTATUS(inner) "<D:multistatus xmlns:D=\"DAV:\">" inner "</D:multistatus>"

static void expect(const char *body, const char *expected)
{
    document_expect(&(struct document_case){.body = span_str(body)}, expected);
}

static void expect_charset(const char *charset, const char *body, const char *expected)
{
    document_expect(&(struct document_case){.body = span_str(body), .charset = charset}, expected);
}

/* UTF-16 of a text in ASCII and two characters beyond: '\1' is U+00E9, '\2' U+1F600. */
static size_t to_utf16(uint8_t *out, const char *text, bool is_big)
{
    size_t n = 0;
    for (; *text != '\0'; text++) {
        uint16_t units[2] = {(uint8_t)*text, 0};
        size_t n_units = *text == '\2' ? 2 : 1;
        if (*text == '\1')
            units[0] = 0xE9;
        if (*text == '\2') {
            units[0] = 0xD83D;
            units[1] = 0xDE00;
        }
        for (size_t i = 0; i < n_units; i++) {
            out[n++] = (uint8_t)(is_big ? units[i] >> 8 : units[i]);
            out[n++] = (uint8_t)(is_big ? units[i] : units[i] >> 8);
        }
    }
    return n;
}

static void expect_utf16(const char *text, bool is_big, const char *mark, const char *expected)
{
    uint8_t body[4096];
    size_t n_mark = strlen(mark);
    assert_true(n_mark + 4 * strlen(text) < sizeof body);
    memcpy(body, mark, n_mark);
    size_t n = n_mark + to_utf16(body + n_mark, text, is_big);
    document_expect(&(struct document_case){.body = span_of(body, n), .shows_offsets = true},
                    expected);
}

static const char utf16_text[] =
    "<?xml version='1.0' encoding='UTF-16'?>" MULTISTATUS(RESPONSE("/f/\1") RESPONSE("/f/\2\1x"));

static void utf_16_is_read_in_both_orders_with_and_without_mark(void **state)
{
    (void)state;
    expect_utf16(utf16_text, false, "\xFF\xFE",
                 "begin multistatus\n"
                 "[140,304) /f/é ok status=200\n"
                 "[304,474) /f/😀éx ok status=200\n"
                 "end all-ok n=2 200x2\n");
    expect_utf16(utf16_text, true, "\xFE\xFF",
                 "begin multistatus\n"
                 "[140,304) /f/é ok status=200\n"
                 "[304,474) /f/😀éx ok status=200\n"
                 "end all-ok n=2 200x2\n");
    expect_utf16(utf16_text, false, "",
                 "begin multistatus\n"
                 "[138,302) /f/é ok status=200\n"
                 "[302,472) /f/😀éx ok status=200\n"
                 "end all-ok n=2 200x2\n");
    expect_utf16(utf16_text, true, "",
                 "begin multistatus\n"
                 "[138,302) /f/é ok status=200\n"
                 "[302,472) /f/😀éx ok status=200\n"
                 "end all-ok n=2 200x2\n");
}

static void utf_16_without_declaration_is_read(void **state)
{
    (void)state;
    expect_utf16(MULTISTATUS(RESPONSE("/f/\1")), false, "\xFF\xFE",
                 "begin multistatus\n"
                 "[62,226) /f/é ok status=200\n"
                 "end all-ok n=1 200x1\n");
}

static void half_a_surrogate_is_damage(void **state)
{
    (void)state;
    uint8_t body[1024];
    size_t n = to_utf16(body, MULTISTATUS(RESPONSE("/f/a") RESPONSE("/f/\2b")), false);
    for (size_t i = 0; i + 1 < n; i += 2)
        if (body[i + 1] == 0xDE)
            body[i + 1] = 0;
    document_expect(&(struct document_case){.body = span_of(body, n)},
                    "begin multistatus\n"
                    "/f/a ok status=200\n"
                    "note xml-encoding @270 bytes that are invalid in the encoding\n"
                    "end undecodable not-well-formed n=1 200x1\n");
}

static void byte_order_mark_of_utf_8_is_passed_over(void **state)
{
    (void)state;
    expect("\xEF\xBB\xBF<?xml version='1.0'?>" MULTISTATUS(RESPONSE("/f/\xC3\xA9")),
           "begin multistatus\n"
           "/f/é ok status=200\n"
           "end all-ok n=1 200x1\n");
    expect("\xEF\xBB\xBF" MULTISTATUS(RESPONSE("/f/a")), "begin multistatus\n"
                                                         "/f/a ok status=200\n"
                                                         "end all-ok n=1 200x1\n");
}

static void byte_order_mark_wins_over_the_declaration(void **state)
{
    (void)state;
    expect("\xEF\xBB\xBF<?xml version='1.0' encoding=\"iso-8859-1\"?>" MULTISTATUS(
               RESPONSE("/f/\xC3\xA9")),
           "begin multistatus\n"
           "note xml-encoding @3 the declaration contradicts the encoding\n"
           "/f/é ok status=200\n"
           "end all-ok n=1 200x1\n");
}

static void latin_1_is_read_by_declaration(void **state)
{
    (void)state;
    document_expect(
        &(struct document_case){
            .body = span_str("<?xml version='1.0' encoding='ISO-8859-1' ?>" MULTISTATUS(
                RESPONSE("/f/\xE9") RESPONSE("/f/b"))),
            .shows_offsets = true},
        "begin multistatus\n"
        "[74,156) /f/é ok status=200\n"
        "[156,238) /f/b ok status=200\n"
        "end all-ok n=2 200x2\n");
}

static void windows_1252_has_its_own_characters(void **state)
{
    (void)state;
    expect("<?xml version='1.0' encoding = 'Windows-1252'?>" MULTISTATUS(RESPONSE("/f/\x80\xE9")),
           "begin multistatus\n"
           "/f/€é ok status=200\n"
           "end all-ok n=1 200x1\n");
}

static void charset_parameter_wins_over_the_declaration(void **state)
{
    (void)state;
    expect_charset("iso-8859-1",
                   "<?xml version='1.0' encoding='utf-8'?>" MULTISTATUS(RESPONSE("/f/\xE9")),
                   "begin multistatus\n"
                   "note xml-encoding @0 the declaration contradicts the encoding\n"
                   "/f/é ok status=200\n"
                   "end all-ok n=1 200x1\n");
    expect_charset("UTF-8", MULTISTATUS(RESPONSE("/f/\xC3\xA9")),
                   "begin multistatus\n"
                   "/f/é ok status=200\n"
                   "end all-ok n=1 200x1\n");
}

static void unknown_encoding_is_read_as_latin_1(void **state)
{
    (void)state;
    expect("<?xml version='1.0' encoding='koi8-r'?>" MULTISTATUS(RESPONSE("/f/\xE9")),
           "begin multistatus\n"
           "note xml-encoding @0 an encoding unknown here; read as ISO-8859-1\n"
           "/f/é ok status=200\n"
           "end all-ok n=1 200x1\n");
}

static void utf_16_named_but_not_used_is_read_as_utf_8(void **state)
{
    (void)state;
    expect("<?xml version='1.0' encoding='utf-16'?>" MULTISTATUS(RESPONSE("/f/\xC3\xA9")),
           "begin multistatus\n"
           "note xml-encoding @0 UTF-16 is named, but the bytes are not; read as UTF-8\n"
           "note xml-encoding @0 the declaration contradicts the encoding\n"
           "/f/é ok status=200\n"
           "end all-ok n=1 200x1\n");
    expect_charset("utf-16", MULTISTATUS(RESPONSE("/f/a")),
                   "begin multistatus\n"
                   "note xml-encoding @0 UTF-16 is named, but the bytes are not; read as UTF-8\n"
                   "/f/a ok status=200\n"
                   "end all-ok n=1 200x1\n");
}

static void invalid_utf_8_is_damage_at_its_byte(void **state)
{
    (void)state;
    expect(MULTISTATUS(RESPONSE("/f/a") RESPONSE("/f/\xE9z") RESPONSE("/f/c")),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-encoding @135 bytes that are invalid in the encoding\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") RESPONSE("/f/\xC0\x80")),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-encoding @135 bytes that are invalid in the encoding\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") RESPONSE("/f/\xED\xA0\x80")),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-encoding @135 bytes that are invalid in the encoding\n"
           "end undecodable not-well-formed n=1 200x1\n");
}

static void control_character_is_damage_at_its_byte(void **state)
{
    (void)state;
    expect(MULTISTATUS(RESPONSE("/f/a") RESPONSE("/f/\x0B") RESPONSE("/f/c")),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @135 a control character\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") RESPONSE("/f/&#x0B;") RESPONSE("/f/c")),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @141 a reference to a character XML does not allow in href\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") RESPONSE("/f/\xEF\xBF\xBF")),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @135 a character XML does not allow\n"
           "end undecodable not-well-formed n=1 200x1\n");
}

static void offsets_are_right_beside_lone_carriage_returns(void **state)
{
    (void)state;
    static const char body[] = MULTISTATUS("\r\r" RESPONSE("/f/a") "\r" RESPONSE("/f/b") "\r\r\r");
    document_expect(&(struct document_case){.body = span_str(body), .shows_offsets = true},
                    "begin multistatus\n"
                    "[32,114) /f/a ok status=200\n"
                    "[115,197) /f/b ok status=200\n"
                    "end all-ok n=2 200x2\n");
}

static void unescaped_markup_is_damage_at_its_byte(void **state)
{
    (void)state;
    expect(MULTISTATUS(RESPONSE("/f/a") RESPONSE("/f/b&c d") RESPONSE("/f/e")),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @136 unescaped '&' in href\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") RESPONSE("/f/?b=1&c=2") RESPONSE("/f/e")),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @139 unescaped '&' in href\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") RESPONSE("/f/1 < 2") RESPONSE("/f/e")),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @137 unescaped '<' in href\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") RESPONSE("/f/]]>") RESPONSE("/f/e")),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @135 ']]>' in text in href\n"
           "end undecodable not-well-formed n=1 200x1\n");
}

static void broken_markup_is_damage(void **state)
{
    (void)state;
    expect(MULTISTATUS(RESPONSE("/f/a") "<D:response></D:respons>"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @136 an end tag that does not match in response\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") "<D:response a></D:response>"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @125 an attribute without value in multistatus\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") "<D:response a='1' a='2'/>"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @135 an attribute given twice in multistatus\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") "<D:response a='1'b='2'/>"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @129 no space between attributes in multistatus\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") "<D:response a=1/>"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @126 an attribute value without quotes in multistatus\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") "<D:response a='<'/>"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @112 unescaped '<' in an attribute in multistatus\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") "<!- no comment -->"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @112 a broken comment or CDATA section in multistatus\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") "<!-- -- -->"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @117 '--' in a comment in multistatus\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") "<1/>"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @113 a name is missing in multistatus\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") "&nbsp;"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @118 an entity that is not declared in multistatus\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") "&#xD800;"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @120 a reference to a character XML does not allow in multistatus\n"
           "end undecodable not-well-formed n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a") "<?xml version='1.0'?>"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-malformed @117 an XML declaration that is not at the start in multistatus\n"
           "end undecodable not-well-formed n=1 200x1\n");
}

static void root_left_open_is_incomplete(void **state)
{
    (void)state;
    expect("<D:multistatus xmlns:D='DAV:'>" RESPONSE("/f/a") "<D:response><D:href>/f/b",
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "#2 unknown flags=no-href,partial\n"
           "end incomplete wire-truncated n=2 flags=unknown 200x1\n");
    expect("<D:multistatus xmlns:D='DAV:'>" RESPONSE("/f/a") "<D:resp",
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "end incomplete wire-truncated n=1 200x1\n");
}

static void document_type_is_refused(void **state)
{
    (void)state;
    expect("<?xml version='1.0'?><!DOCTYPE m [<!ENTITY a 'b'><!ENTITY c SYSTEM "
           "'file:///x'>]>" MULTISTATUS(RESPONSE("/f/&a;&c;")),
           "begin none\n"
           "note xml-dtd @21 a document type declaration\n"
           "end undecodable dtd n=0\n");
    expect(MULTISTATUS(RESPONSE("/f/a") "<!ENTITY a 'b'>"),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-dtd @112 a document type declaration\n"
           "end undecodable dtd n=1 200x1\n");
}

static void the_five_entities_are_known(void **state)
{
    (void)state;
    expect(MULTISTATUS(RESPONSE("/f/&lt;&gt;&amp;&apos;&quot;&#233;&#xE9;")),
           "begin multistatus\n"
           "/f/<>&'\"éé ok status=200\n"
           "end all-ok n=1 200x1\n");
}

static void cdata_is_text(void **state)
{
    (void)state;
    expect(MULTISTATUS(RESPONSE("/f/<![CDATA[a]]b]]]><![CDATA[]]><![CDATA[]]]]><![CDATA[>c]]>")),
           "begin multistatus\n"
           "/f/a]]b]]]>c ok status=200\n"
           "end all-ok n=1 200x1\n");
}

static void any_prefix_and_rebinding_are_fine(void **state)
{
    (void)state;
    expect("<multistatus xmlns='DAV:'><a:response xmlns:a='DAV:'><href>/f/a</href>"
           "<a:propstat xmlns='u:'><x xmlns='u:2'/><D:prop xmlns:D='DAV:'><w/><D:y xmlns:D='u:3'/>"
           "<z xmlns=''/></D:prop>"
           "<b:status xmlns:b='DAV:'>HTTP/1.1 200 OK</b:status></a:propstat>"
           "<propstat><prop><p/></prop><status>HTTP/1.1 200 OK</status></propstat>"
           "</a:response></multistatus>",
           "begin multistatus\n"
           "/f/a ok | 200 ok {u:}w {u:3}y {}z | 200 ok D:p\n"
           "end all-ok n=1 200x1\n");
}

static void undeclared_prefix_is_mapped_and_flagged(void **state)
{
    (void)state;
    expect(
        MULTISTATUS("<D:response><D:href>/f/a</D:href><D:propstat><D:prop><DAV:displayname/>"
                    "<oc:id/><zz:id/></D:prop><D:status>HTTP/1.1 403 No</D:status></D:propstat>"
                    "</D:response>" RESPONSE("/f/b")),
        "begin multistatus\n"
        "note xml-namespace @99 an undeclared prefix in prop\n"
        "/f/a failed flags=ns-broken | 403 failed D:displayname {http://owncloud.org/ns}id {}id\n"
        "/f/b ok status=200\n"
        "end mixed n=2 flags=ns-broken 200x1 403x1\n");
    expect("<D:multistatus>" RESPONSE("/f/a") "</D:multistatus>",
           "begin multistatus\n"
           "note xml-namespace @14 an undeclared prefix\n"
           "/f/a ok status=200 flags=ns-broken\n"
           "end all-ok n=1 flags=ns-broken 200x1\n");
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href><D:propstat><D:prop><D:a q:b='1'/>"
                       "</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"),
           "begin multistatus\n"
           "note xml-namespace @95 an undeclared prefix in prop\n"
           "/f/a ok flags=ns-broken | 200 ok D:a\n"
           "end all-ok n=1 flags=ns-broken 200x1\n");
    expect(MULTISTATUS("<D:response><D:href>/f/a</D:href><D:propstat><D:prop>"
                       "<urn:schemas-microsoft-com:Win32FileAttributes/></D:prop>"
                       "<D:status>HTTP/1.1 403 No</D:status></D:propstat></D:response>"),
           "begin multistatus\n"
           "note xml-namespace @109 a name with several colons in prop\n"
           "/f/a failed flags=ns-broken | 403 failed {}schemas-microsoft-com:Win32FileAttributes\n"
           "end all-failed n=1 flags=ns-broken 403x1\n");
}

static void variants_of_the_namespace_are_mapped_and_flagged(void **state)
{
    (void)state;
    static const char *const variants[] = {"DAV", "dav:", "http://www.ietf.org/standards/dav/"};
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
        char body[512];
        snprintf(body, sizeof body,
                 "<D:multistatus xmlns:D='%s'><D:response><D:href>/f/a</D:href><D:propstat><D:prop>"
                 "<D:getetag/></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"
                 "</D:response></D:multistatus>",
                 variants[i]);
        char expected[512];
        snprintf(expected, sizeof expected,
                 "begin multistatus\n"
                 "note xml-namespace @%zu a name outside its namespace\n"
                 "/f/a ok flags=ns-broken | 200 ok D:getetag\n"
                 "end all-ok n=1 flags=ns-broken 200x1\n",
                 strlen("<D:multistatus xmlns:D=''") + strlen(variants[i]));
        expect(body, expected);
    }
}

static void missing_namespace_is_taken_for_dav(void **state)
{
    (void)state;
    expect("<multistatus><response><href>/f/a</href><propstat><prop><getetag/></prop>"
           "<status>HTTP/1.1 200 OK</status></propstat></response></multistatus>",
           "begin multistatus\n"
           "note xml-namespace @12 a name outside its namespace\n"
           "/f/a ok flags=ns-broken | 200 ok D:getetag\n"
           "end all-ok n=1 flags=ns-broken 200x1\n");
}

static void output_before_the_xml_makes_it_undecodable(void **state)
{
    (void)state;
    expect("<br />\n<b>Warning</b>: no such thing in <b>/x.php</b> on line <b>3</b><br />\n"
           "<?xml version='1.0'?>" MULTISTATUS(RESPONSE("/f/a")),
           "begin multistatus\n"
           "note xml-extra @0 other output before the XML\n"
           "/f/a ok status=200\n"
           "end undecodable extra-output n=1 200x1\n");
    expect("Notice: oh\n" MULTISTATUS(RESPONSE("/f/a")),
           "begin multistatus\n"
           "note xml-extra @0 other output before the XML\n"
           "/f/a ok status=200\n"
           "end undecodable extra-output n=1 200x1\n");
    expect("\r\n\n<?xml version='1.0' encoding='iso-8859-1'?>" MULTISTATUS(RESPONSE("/f/\xE9")),
           "begin multistatus\n"
           "note xml-extra @0 white space before the XML declaration\n"
           "/f/é ok status=200\n"
           "end all-ok n=1 200x1\n");
    expect("\n \n" MULTISTATUS(RESPONSE("/f/a")), "begin multistatus\n"
                                                  "/f/a ok status=200\n"
                                                  "end all-ok n=1 200x1\n");
    expect("\xEF\xBB\xBF\n<?xml version='1.0'?>" MULTISTATUS(RESPONSE("/f/a")),
           "begin multistatus\n"
           "note xml-extra @3 white space before the XML declaration\n"
           "/f/a ok status=200\n"
           "end all-ok n=1 200x1\n");
}

static void output_behind_the_root_makes_it_undecodable(void **state)
{
    (void)state;
    expect(MULTISTATUS(RESPONSE("/f/a")) "\n <!-- fine --> x",
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-extra @128 bytes behind the root\n"
           "end undecodable extra-output n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a")) "<br />", "begin multistatus\n"
                                                   "/f/a ok status=200\n"
                                                   "note xml-extra @128 bytes behind the root\n"
                                                   "end undecodable extra-output n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a")) MULTISTATUS(RESPONSE("/f/b")),
           "begin multistatus\n"
           "/f/a ok status=200\n"
           "note xml-extra @128 bytes behind the root\n"
           "end undecodable extra-output n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a")) "\xFF\xFF", "begin multistatus\n"
                                                     "/f/a ok status=200\n"
                                                     "note xml-extra @128 bytes behind the root\n"
                                                     "end undecodable extra-output n=1 200x1\n");
    expect(MULTISTATUS(RESPONSE("/f/a")) "\n\n", "begin multistatus\n"
                                                 "/f/a ok status=200\n"
                                                 "end all-ok n=1 200x1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf_16_is_read_in_both_orders_with_and_without_mark),
        cmocka_unit_test(utf_16_without_declaration_is_read),
        cmocka_unit_test(half_a_surrogate_is_damage),
        cmocka_unit_test(byte_order_mark_of_utf_8_is_passed_over),
        cmocka_unit_test(byte_order_mark_wins_over_the_declaration),
        cmocka_unit_test(latin_1_is_read_by_declaration),
        cmocka_unit_test(windows_1252_has_its_own_characters),
        cmocka_unit_test(charset_parameter_wins_over_the_declaration),
        cmocka_unit_test(unknown_encoding_is_read_as_latin_1),
        cmocka_unit_test(utf_16_named_but_not_used_is_read_as_utf_8),
        cmocka_unit_test(invalid_utf_8_is_damage_at_its_byte),
        cmocka_unit_test(control_character_is_damage_at_its_byte),
        cmocka_unit_test(offsets_are_right_beside_lone_carriage_returns),
        cmocka_unit_test(unescaped_markup_is_damage_at_its_byte),
        cmocka_unit_test(broken_markup_is_damage),
        cmocka_unit_test(root_left_open_is_incomplete),
        cmocka_unit_test(document_type_is_refused),
        cmocka_unit_test(the_five_entities_are_known),
        cmocka_unit_test(cdata_is_text),
        cmocka_unit_test(any_prefix_and_rebinding_are_fine),
        cmocka_unit_test(undeclared_prefix_is_mapped_and_flagged),
        cmocka_unit_test(variants_of_the_namespace_are_mapped_and_flagged),
        cmocka_unit_test(missing_namespace_is_taken_for_dav),
        cmocka_unit_test(output_before_the_xml_makes_it_undecodable),
        cmocka_unit_test(output_behind_the_root_makes_it_undecodable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
