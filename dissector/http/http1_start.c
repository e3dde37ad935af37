/* Lines in; whether they are start lines, and their parts, out. Keeps nothing and knows nothing of
 * what stands before or after the line, apart from the one field line that makes a start line found
 * in the middle of a stream believable. */
#include "dissector/http/http1_start.h"

enum { MAX_FIELD_NAME_BYTES = 64 }; /* of a plausible field line */

static const char version_name[] = "HTTP/";
enum { VERSION_NAME_BYTES = sizeof version_name - 1 };

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t';
}

bool http1_is_token_byte(uint8_t byte)
{
    switch (byte) {
    case '!':
    case '#':
    case '$':
    case '%':
    case '&':
    case '\'':
    case '*':
    case '+':
    case '-':
    case '.':
    case '^':
    case '_':
    case '`':
    case '|':
    case '~':
        return true;
    default:
        return is_digit(byte) || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
    }
}

static struct span skip_blanks(struct span s)
{
    while (s.len > 0 && is_blank(s.ptr[0]))
        s = span_after(s, 1);
    return s;
}

static size_t token_len(struct span s)
{
    size_t n = 0;
    while (n < s.len && n <= HTTP1_MAX_METHOD_BYTES && http1_is_token_byte(s.ptr[n]))
        n++;
    return n;
}

static bool has_control_byte(struct span s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((s.ptr[i] < 0x20 && s.ptr[i] != '\t') || s.ptr[i] == 0x7f)
            return true;
    return false;
}

/* HTTP-version at the start of s, which is advanced behind it: "HTTP/" DIGIT [ "." DIGIT DIGIT? ].
 * HTTP/2 and later have no start lines. */
static bool take_version(struct span *s, struct http_head *head)
{
    struct span rest = *s;
    if (!span_equal_nocase(span_first(rest, VERSION_NAME_BYTES), span_str(version_name)))
        return false;
    rest = span_after(rest, VERSION_NAME_BYTES);
    if (rest.len == 0 || (rest.ptr[0] != '0' && rest.ptr[0] != '1'))
        return false;
    head->version_major = (uint8_t)(rest.ptr[0] - '0');
    head->version_minor = 0;
    rest = span_after(rest, 1);
    if (rest.len > 1 && rest.ptr[0] == '.' && is_digit(rest.ptr[1])) {
        head->version_minor = (uint8_t)(rest.ptr[1] - '0');
        rest = span_after(rest, 2);
        if (rest.len > 0 && is_digit(rest.ptr[0])) {
            head->version_minor = (uint8_t)(head->version_minor * 10 + rest.ptr[0] - '0');
            rest = span_after(rest, 1);
        }
    }
    *s = rest;
    return true;
}

/* status-line = HTTP-version SP 3DIGIT [ SP reason-phrase ]; all of it but the check of the reason,
 * so that the cost does not depend on what follows. */
static bool parse_status(struct span line, struct http_head *head)
{
    struct span rest = line;
    uint64_t status;
    if (!take_version(&rest, head) || rest.len == 0 || !is_blank(rest.ptr[0]))
        return false;
    rest = skip_blanks(rest);
    if (rest.len < 3 || !span_decimal(span_first(rest, 3), 999, &status) || status < 100)
        return false;
    rest = span_after(rest, 3);
    if (rest.len > 0 && !is_blank(rest.ptr[0]))
        return false;
    head->status = (uint16_t)status;
    head->reason = rest;
    return true;
}

static bool parse_response(struct span line, struct http_head *head)
{
    if (!parse_status(line, head))
        return false;
    head->reason = span_trim(head->reason);
    return true;
}

/* Behind a "/>" begins no target: a tag of a body ends there. */
static bool is_path(struct span target)
{
    return span_starts(target, span_str("/")) && !span_starts(target, span_str("/>"));
}

/* A URL with its scheme, RFC 3986 §3.1; as far as it goes when it is only the beginning of one. */
static bool is_absolute(struct span target, bool is_whole)
{
    static const char mark[] = "://";
    size_t n = token_len(target);
    struct span behind = span_first(span_after(target, n), sizeof mark - 1);
    return n > 0 && n <= HTTP1_MAX_METHOD_BYTES && span_starts(span_str(mark), behind) &&
           (!is_whole || behind.len == sizeof mark - 1);
}

/* The bytes of the longest method in the list that ends method; 0: none does. */
static size_t known_method_len(struct span method)
{
    static const char *const known[] = {
        "ACL",     "BCOPY",      "BDELETE", "BMOVE",  "BPROPFIND",  "BPROPPATCH", "COPY",
        "DELETE",  "GET",        "HEAD",    "LOCK",   "MKCALENDAR", "MKCOL",      "MOVE",
        "OPTIONS", "ORDERPATCH", "PATCH",   "POLL",   "POST",       "PROPFIND",   "PROPPATCH",
        "PUT",     "REPORT",     "SEARCH",  "UNLOCK",
    };
    size_t longest = 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct span name = span_str(known[i]);
        bool ends_it =
            name.len <= method.len && span_equal(span_after(method, method.len - name.len), name);
        if (ends_it && name.len > longest)
            longest = name.len;
    }
    return longest;
}

/* What a client sends as a target, apart from its mistakes. */
static bool has_usual_target(const struct http_head *head)
{
    return is_path(head->target) || span_equal(head->target, span_str("*")) ||
           is_absolute(head->target, true) || span_equal(head->method, span_str("CONNECT"));
}

/* Any text of three words may pass for a request line; a target does not look like any word, nor
 * does a method that is registered, whatever stands behind it. */
static bool is_plausible(const struct http_head *head)
{
    return has_usual_target(head) || known_method_len(head->method) == head->method.len;
}

/* What is in a request line behind the method: SP request-target SP HTTP-version */
static bool parse_behind_method(struct span rest, struct http_head *head)
{
    size_t n_blanks = rest.len - skip_blanks(rest).len;
    if (n_blanks == 0)
        return false;
    rest = span_trim(rest);
    size_t target_len = rest.len;
    while (target_len > 0 && !is_blank(rest.ptr[target_len - 1]))
        target_len--;
    struct span version = span_after(rest, target_len);
    if (!take_version(&version, head) || version.len > 0)
        return false;
    head->target = span_trim(span_first(rest, target_len));
    return head->target.len > 0;
}

/* request-line = method SP request-target SP HTTP-version; of whatever bytes. */
static bool parse_words(struct span line, struct http_head *head)
{
    size_t n = token_len(line);
    if (n == 0 || n > HTTP1_MAX_METHOD_BYTES || !parse_behind_method(span_after(line, n), head))
        return false;
    head->method = span_first(line, n);
    return true;
}

/* Where the word begins that ends at. */
static size_t before_word(struct span line, size_t at)
{
    return span_to_last(span_first(line, at), ' ').len;
}

/* Where the capital letters and hyphens before at begin: all registered methods are of these. */
static size_t capitals_before(struct span line, size_t at)
{
    while (at > 0 &&
           ((line.ptr[at - 1] >= 'A' && line.ptr[at - 1] <= 'Z') || line.ptr[at - 1] == '-'))
        at--;
    return at;
}

/* From the end: version, target without spaces, and a method of capitals: what stands before it may
 * be part of any word. */
static size_t find_glued_request(struct span line)
{
    struct http_head head;
    size_t version = before_word(line, line.len);
    size_t target = before_word(line, version > 0 ? version - 1 : 0);
    size_t end = target > 0 ? target - 1 : 0;
    size_t capitals = capitals_before(line, end);
    /* What stands before may be a capital too: port 80 is a P in what SOCKS says. */
    size_t n_known = known_method_len(span_after(span_first(line, end), capitals));
    size_t at = n_known > 0 ? end - n_known : capitals;
    bool is_first_word = skip_blanks(line).len == line.len - at;
    if (at > 0 && line.ptr[at - 1] == ' ' && !is_first_word)
        return line.len; /* words of a text; blanks alone are the end of a body that is indented */
    bool is_request = parse_words(span_after(line, at), &head) && has_usual_target(&head) &&
                      !has_control_byte(head.target);
    return is_request ? at : line.len;
}

/* What no URI has in it (RFC 3986 §2) is in a target the client's doing. But where that does not
 * look like one, and another request begins behind it, the line is the end of a body. */
static bool is_end_of_body(struct span line, const struct http_head *head)
{
    return !has_usual_target(head) && span_find_any(head->target, "<>\"{}") < head->target.len &&
           find_glued_request(line) < line.len;
}

static bool parse_request(struct span line, struct http_head *head)
{
    return parse_words(line, head) && !is_end_of_body(line, head);
}

/* Bytes of the first word; one more than a method may have when it is longer. */
static size_t first_word_len(struct span line)
{
    size_t n = 0;
    while (n < line.len && n <= HTTP1_MAX_METHOD_BYTES && !is_blank(line.ptr[n]))
        n++;
    return n;
}

/* Bytes of a first word that is no token; 0: it is one, or ends with a known method, behind which
 * something else may have been sent: what SOCKS says. */
static size_t unreadable_len(struct span line)
{
    size_t n = first_word_len(line);
    bool is_readable = token_len(line) >= n || known_method_len(span_first(line, n)) > 0;
    return is_readable || n > HTTP1_MAX_METHOD_BYTES ? 0 : n;
}

bool http1_start_parse_unreadable(struct span line, struct http_head *head)
{
    size_t n = unreadable_len(line);
    *head = (struct http_head){0};
    return n > 0 && parse_behind_method(span_after(line, n), head) && has_usual_target(head);
}

bool http1_start_parse(struct span line, enum dir dir, struct http_head *head)
{
    return dir == DIR_CLIENT ? parse_request(line, head) : parse_response(line, head);
}

bool http1_start_has_control(const struct http_head *head)
{
    return has_control_byte(head->target) || has_control_byte(head->reason);
}

bool http1_start_is_clean(struct span line, enum dir dir, struct http_head *head)
{
    *head = (struct http_head){0};
    return http1_start_parse(line, dir, head) && !http1_start_has_control(head);
}

bool http1_start_is_possible(struct span prefix, enum dir dir)
{
    if (dir == DIR_SERVER) {
        size_t n = prefix.len < VERSION_NAME_BYTES ? prefix.len : VERSION_NAME_BYTES;
        return span_equal_nocase(span_first(prefix, n), span_of(version_name, n));
    }
    size_t n = token_len(prefix);
    if (n == prefix.len)
        return n <= HTTP1_MAX_METHOD_BYTES;
    return n > 0 && n <= HTTP1_MAX_METHOD_BYTES && is_blank(prefix.ptr[n]);
}

bool http1_start_may_be_unreadable(struct span prefix)
{
    size_t n = first_word_len(prefix);
    struct span target = span_trim(span_after(prefix, n));
    bool may_be_target =
        target.len == 0 || memchr("/*", target.ptr[0], 2) || is_absolute(target, false);
    return n <= HTTP1_MAX_METHOD_BYTES && may_be_target;
}

/* The last "HTTP/" that begins a status line; reason phrases with markup are text of a document. */
static size_t find_glued_response(struct span line)
{
    struct http_head head;
    size_t found = line.len;
    for (size_t at = 0; at < line.len; at++) {
        at += span_find(span_after(line, at), span_str(version_name));
        if (parse_status(span_after(line, at), &head))
            found = at;
    }
    if (found == line.len || !http1_start_is_clean(span_after(line, found), DIR_SERVER, &head))
        return line.len;
    return span_find_byte(head.reason, '<') == head.reason.len ? found : line.len;
}

bool http1_start_is_plausible(struct span line, enum dir dir, struct http_head *head)
{
    return http1_start_parse(line, dir, head) && (dir == DIR_SERVER || is_plausible(head));
}

/* At a line start. A client sends any target that it is given, a server its own reasons. */
static bool is_start(struct span line, enum dir dir)
{
    struct http_head head;
    if (http1_start_is_clean(line, dir, &head))
        return dir == DIR_SERVER || is_plausible(&head);
    return dir == DIR_CLIENT && parse_request(line, &head) && has_usual_target(&head) &&
           capitals_before(head.method, head.method.len) == 0;
}

/* Whether a request found at a place of line stands behind what ends like a word of a text. */
static bool is_behind_text(struct span line, size_t at)
{
    bool has_before = at > 0 && at < line.len;
    return has_before && !(line.ptr[at - 1] >= 'A' && line.ptr[at - 1] <= 'Z');
}

size_t http1_start_find(struct span line, enum dir dir, bool is_whole)
{
    size_t glued = dir == DIR_CLIENT ? find_glued_request(line) : find_glued_response(line);
    bool may_be_start = is_whole && !(dir == DIR_CLIENT && is_behind_text(line, glued));
    return may_be_start && is_start(line, dir) ? 0 : glued;
}

enum http1_field_check http1_field_check(struct span prefix)
{
    if (prefix.len > 0 && prefix.ptr[0] == '\r')
        prefix = span_after(prefix, 1);
    else if (prefix.len > 0 && prefix.ptr[0] != '\n') {
        size_t n = token_len(prefix);
        if (n == prefix.len && n <= MAX_FIELD_NAME_BYTES)
            return HTTP1_FIELD_MORE;
        bool is_field = n > 0 && n <= MAX_FIELD_NAME_BYTES && n < prefix.len;
        return is_field && prefix.ptr[n] == ':' ? HTTP1_FIELD_YES : HTTP1_FIELD_NO;
    }
    if (prefix.len == 0)
        return HTTP1_FIELD_MORE;
    return prefix.ptr[0] == '\n' ? HTTP1_FIELD_YES : HTTP1_FIELD_NO;
}

static bool is_bare_lf(struct span line)
{
    return line.len > 0 && line.ptr[line.len - 1] == '\n' &&
           (line.len == 1 || line.ptr[line.len - 2] != '\r');
}

enum http1_field_check http1_field_check_behind(struct span start, struct span prefix, enum dir dir)
{
    bool is_empty = prefix.len > 0 && (prefix.ptr[0] == '\n' || prefix.ptr[0] == '\r');
    bool is_text = is_empty && (prefix.ptr[0] == '\n' || is_bare_lf(start));
    return dir == DIR_SERVER && is_text ? HTTP1_FIELD_NO : http1_field_check(prefix);
}
