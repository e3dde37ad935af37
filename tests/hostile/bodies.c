/* A number arrives, a document leaves that has that many of something, or that long a one. */
#include "tests/hostile/bodies.h"

#define MULTISTATUS "<?xml version=\"1.0\"?>\n<d:multistatus xmlns:d=\"DAV:\">"
#define RESPONSE "<d:response><d:href>/hostile/a</d:href>"
#define PROP RESPONSE "<d:propstat><d:prop>"
#define PROP_END "</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
#define END "</d:multistatus>"

enum { THOUSAND = 1000, MILLION = 1000 * 1000 };

static void say_times(struct buf *out, const char *what, size_t n)
{
    struct span bytes = span_str(what);
    for (size_t i = 0; i < n; i++)
        say_bytes(out, bytes);
}

/* before, n times what, after. */
static void say_around(struct buf *out, const char *const text[3], size_t n)
{
    say_bytes(out, span_str(text[0]));
    say_times(out, text[1], n);
    say_bytes(out, span_str(text[2]));
}

static void say_filled(struct buf *out, const char *before, const char *after, size_t n)
{
    say_around(out, (const char *const[3]){before, "xxxxxxxxxx", after}, n / 10);
}

/* ---- entities ---- */

static void billion_laughs(struct buf *out, size_t n)
{
    say(out, "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY l0 \"lol\">");
    for (size_t i = 1; i <= n; i++) {
        say(out, "<!ENTITY l%zu \"", i);
        for (int k = 0; k < 10; k++)
            say(out, "&l%zu;", i - 1);
        say(out, "\">");
    }
    say(out,
        "]>\n<d:multistatus xmlns:d=\"DAV:\"><d:response><d:href>/hostile/&l%zu;</d:href>"
        "<d:status>HTTP/1.1 200 OK</d:status></d:response>" END,
        n);
}

static void external_entity(struct buf *out, size_t n)
{
    (void)n;
    say(out, "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
             "<d:multistatus xmlns:d=\"DAV:\"><d:response><d:href>/hostile/&e;</d:href>"
             "<d:status>HTTP/1.1 200 OK</d:status></d:response>" END);
}

static void character_references(struct buf *out, size_t n)
{
    say_around(out, (const char *const[3]){MULTISTATUS PROP "<v>", "&#65;", "</v>" PROP_END END},
               n);
}

/* ---- depth ---- */

static void deep(struct buf *out, size_t n)
{
    say_around(out, (const char *const[3]){MULTISTATUS, "<a>", ""}, n);
    say_around(out, (const char *const[3]){"", "</a>", END}, n);
}

static void deep_value(struct buf *out, size_t n)
{
    say_around(out, (const char *const[3]){MULTISTATUS PROP, "<a>", ""}, n);
    say_around(out, (const char *const[3]){"", "</a>", PROP_END END}, n);
}

static void deep_responses(struct buf *out, size_t n)
{
    say_around(out, (const char *const[3]){MULTISTATUS, "<d:response>", ""}, n);
    say_around(out, (const char *const[3]){"", "</d:response>", END}, n);
}

/* ---- one long thing ---- */

static void long_href(struct buf *out, size_t n)
{
    say_filled(out, MULTISTATUS "<d:response><d:href>/",
               "</d:href><d:status>HTTP/1.1 200 OK</d:status></d:response>" END, n);
}

static void long_status(struct buf *out, size_t n)
{
    say_filled(out, MULTISTATUS RESPONSE "<d:status>HTTP/1.1 200 ", "</d:status></d:response>" END,
               n);
}

static void long_description(struct buf *out, size_t n)
{
    say_filled(out,
               MULTISTATUS RESPONSE "<d:status>HTTP/1.1 403 No</d:status><d:responsedescription>",
               "</d:responsedescription></d:response>" END, n);
}

static void long_value(struct buf *out, size_t n)
{
    say_filled(out, MULTISTATUS PROP "<v>", "</v>" PROP_END END, n);
}

static void long_cdata(struct buf *out, size_t n)
{
    say_filled(out, MULTISTATUS PROP "<v><![CDATA[", "]]></v>" PROP_END END, n);
}

static void long_attribute(struct buf *out, size_t n)
{
    say_filled(out, MULTISTATUS PROP "<v a=\"", "\"/>" PROP_END END, n);
}

static void long_comment(struct buf *out, size_t n)
{
    say_filled(out, MULTISTATUS "<!--", "-->" PROP "<v/>" PROP_END END, n);
}

static void long_instruction(struct buf *out, size_t n)
{
    say_filled(out, MULTISTATUS "<?pi ", "?>" PROP "<v/>" PROP_END END, n);
}

static void long_name(struct buf *out, size_t n)
{
    say_filled(out, MULTISTATUS PROP "<", "/>" PROP_END END, n);
}

static void long_namespace(struct buf *out, size_t n)
{
    say_filled(out, MULTISTATUS PROP "<v xmlns=\"urn:", "\"/>" PROP_END END, n);
}

static void long_prolog(struct buf *out, size_t n)
{
    say_around(out, (const char *const[3]){"", "          ", MULTISTATUS PROP "<v/>" PROP_END END},
               n / 10);
}

static void long_doctype(struct buf *out, size_t n)
{
    say_filled(out, "<?xml version=\"1.0\"?>\n<!DOCTYPE ", ">\n<d:multistatus xmlns:d=\"DAV:\"/>",
               n);
}

static void no_end_of_tag(struct buf *out, size_t n)
{
    say_around(out, (const char *const[3]){MULTISTATUS PROP "<v ", "          ", ""}, n / 10);
}

/* ---- many things ---- */

static void empty_elements(struct buf *out, size_t n)
{
    say_around(out, (const char *const[3]){MULTISTATUS, "<a/>", PROP "<v/>" PROP_END END}, n);
}

static void empty_properties(struct buf *out, size_t n)
{
    say_around(out, (const char *const[3]){MULTISTATUS PROP, "<a/>", PROP_END END}, n);
}

static void empty_in_response(struct buf *out, size_t n)
{
    say_around(out, (const char *const[3]){MULTISTATUS RESPONSE, "<a/>", "</d:response>" END}, n);
}

static void empty_in_value(struct buf *out, size_t n)
{
    say_around(out, (const char *const[3]){MULTISTATUS PROP "<v>", "<a/>", "</v>" PROP_END END}, n);
}

static void empty_responses(struct buf *out, size_t n)
{
    say_around(out, (const char *const[3]){MULTISTATUS, "<d:response/>", END}, n);
}

static void many_propstats(struct buf *out, size_t n)
{
    static const char *const text[3] = {
        (MULTISTATUS RESPONSE),
        "<d:propstat><d:prop><a/></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>",
        ("</d:response>" END),
    };
    say_around(out, text, n);
}

static void many_hrefs(struct buf *out, size_t n)
{
    static const char *const text[3] = {
        (MULTISTATUS "<d:response>"),
        "<d:href>/hostile/member</d:href>",
        ("<d:status>HTTP/1.1 403 Forbidden</d:status></d:response>" END),
    };
    say_around(out, text, n);
}

static void many_conditions(struct buf *out, size_t n)
{
    static const char *const text[3] = {
        (MULTISTATUS RESPONSE "<d:status>HTTP/1.1 403 Forbidden</d:status><d:error>"),
        "<d:no-external-entities/>",
        ("</d:error></d:response>" END),
    };
    say_around(out, text, n);
}

static void many_statuses(struct buf *out, size_t n)
{
    static const char *const text[3] = {
        (MULTISTATUS RESPONSE),
        "<d:status>HTTP/1.1 403 Forbidden</d:status>",
        ("</d:response>" END),
    };
    say_around(out, text, n);
}

static void many_comments(struct buf *out, size_t n)
{
    say_around(out, (const char *const[3]){MULTISTATUS, "<!---->", PROP "<v/>" PROP_END END}, n);
}

static void many_attributes(struct buf *out, size_t n)
{
    say(out, MULTISTATUS PROP "<v");
    for (size_t i = 0; i < n; i++)
        say(out, " a%zu=\"\"", i);
    say(out, "/>" PROP_END END);
}

static void many_namespaces(struct buf *out, size_t n)
{
    say(out, MULTISTATUS PROP "<v");
    for (size_t i = 0; i < n; i++)
        say(out, " xmlns:n%zu=\"urn:%zu\"", i, i);
    say(out, "/>" PROP_END END);
}

static void many_prefixes(struct buf *out, size_t n)
{
    say(out, MULTISTATUS PROP);
    for (size_t i = 0; i < n; i++)
        say(out, "<n%zu:v xmlns:n%zu=\"urn:%zu\"/>", i, i, i);
    say(out, PROP_END END);
}

static void many_names(struct buf *out, size_t n)
{
    say(out, MULTISTATUS PROP "<v>");
    for (size_t i = 0; i < n; i++)
        say(out, "<name-that-no-other-element-has-%zu/>", i);
    say(out, "</v>" PROP_END END);
}

static void many_long_names(struct buf *out, size_t n)
{
    char filler[3001];
    memset(filler, 'n', sizeof filler - 1);
    filler[sizeof filler - 1] = '\0';
    say(out, MULTISTATUS PROP "<v>");
    for (size_t i = 0; i < n; i++)
        say(out, "<%s%zu/>", filler, i);
    say(out, "</v>" PROP_END END);
}

static void many_refused(struct buf *out, size_t n)
{
    say(out, MULTISTATUS);
    for (size_t i = 0; i < n; i++)
        say(out,
            "<d:response><d:href>/hostile/member-%zu-of-many</d:href>"
            "<d:status>HTTP/1.1 %zu Refused</d:status></d:response>",
            i, 400 + i % 100);
    say(out, END);
}

static void many_roots(struct buf *out, size_t n)
{
    say(out, MULTISTATUS PROP "<v/>" PROP_END END);
    say_times(out, "<d:multistatus xmlns:d=\"DAV:\"/>", n);
}

static void undeclared_prefixes(struct buf *out, size_t n)
{
    say(out, "<?xml version=\"1.0\"?>\n<D:multistatus>");
    for (size_t i = 0; i < n; i++)
        say(out, "<p%zu:response/>", i);
    say(out, "</D:multistatus>");
}

const struct hostile_body hostile_bodies[] = {
    {"billion-laughs", billion_laughs, 9},
    {"external-entity", external_entity, 1},
    {"character-references", character_references, 2 * MILLION},
    {"deep", deep, 100 * THOUSAND},
    {"deep-value", deep_value, 100 * THOUSAND},
    {"deep-responses", deep_responses, 100 * THOUSAND},
    {"long-href", long_href, 10 * MILLION},
    {"long-status", long_status, 10 * MILLION},
    {"long-description", long_description, 10 * MILLION},
    {"long-value", long_value, 10 * MILLION},
    {"long-cdata", long_cdata, 10 * MILLION},
    {"long-attribute", long_attribute, 10 * MILLION},
    {"long-comment", long_comment, 10 * MILLION},
    {"long-instruction", long_instruction, 10 * MILLION},
    {"long-name", long_name, 1 * MILLION},
    {"long-namespace", long_namespace, 1 * MILLION},
    {"long-prolog", long_prolog, 10 * MILLION},
    {"long-doctype", long_doctype, 10 * MILLION},
    {"no-end-of-tag", no_end_of_tag, 10 * MILLION},
    {"empty-elements", empty_elements, 1 * MILLION},
    {"empty-properties", empty_properties, 1 * MILLION},
    {"empty-in-response", empty_in_response, 1 * MILLION},
    {"empty-in-value", empty_in_value, 1 * MILLION},
    {"empty-responses", empty_responses, 1 * MILLION},
    {"many-propstats", many_propstats, 1 * MILLION},
    {"many-hrefs", many_hrefs, 1 * MILLION},
    {"many-conditions", many_conditions, 1 * MILLION},
    {"many-statuses", many_statuses, 1 * MILLION},
    {"many-comments", many_comments, 1 * MILLION},
    {"many-attributes", many_attributes, 100 * THOUSAND},
    {"many-namespaces", many_namespaces, 65535},
    {"many-prefixes", many_prefixes, 200 * THOUSAND},
    {"many-names", many_names, 500 * THOUSAND},
    {"many-long-names", many_long_names, 10 * THOUSAND},
    {"many-refused", many_refused, 100 * THOUSAND},
    {"many-roots", many_roots, 500 * THOUSAND},
    {"undeclared-prefixes", undeclared_prefixes, 500 * THOUSAND},
};

const size_t n_hostile_bodies = sizeof hostile_bodies / sizeof *hostile_bodies;
