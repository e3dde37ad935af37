/* http1_start: the start lines of HTTP/1 (RFC 9112 §3, §4), and how to tell one from other bytes.
 * Pure functions on borrowed spans; a line is given without its line end. */
#pragma once

#include "dissector/http/message.h"

/* Longest method taken for one; the longest registered has 17 bytes. */
enum { HTTP1_MAX_METHOD_BYTES = 64 };

/* Whether line is the start line dir sends: of a request for DIR_CLIENT, of a response for
 * DIR_SERVER. Sets version, method and target, or version, status and reason of *head. Any method
 * token and any target, unless the line is the end of a body with a request right behind it;
 * HTTP/0.x and 1.x in any case; spaces inside the target, and no reason and no space before it, are
 * tolerated, and so are control characters in target and reason: for places where a message has to
 * begin. */
bool http1_start_parse(struct span line, enum dir dir, struct http_head *head);

/* The same with a target that looks like one, or a method that is registered: for the start of a
 * stream of which the first bytes may be the end of a body, with the next request right behind it
 * on the same line. */
bool http1_start_is_plausible(struct span line, enum dir dir, struct http_head *head);

/* Whether there are control characters in the start line that *head was set from. */
bool http1_start_has_control(const struct http_head *head);

/* The same without control characters: for places where other bytes may stand as well, which are
 * then more likely. Sets *head as http1_start_parse, from zeroes. */
bool http1_start_is_clean(struct span line, enum dir dir, struct http_head *head);

/* Whether a line that begins with prefix can still be a start line of dir. */
bool http1_start_is_possible(struct span prefix, enum dir dir);

/* The same two of a request whose method is no token, so that nobody can tell which one it is: a
 * target that looks like one and a version stand behind it. *head gets no method. The first: not
 * when it ends with the name of a known method: what stands before is then the end of a body, or
 * was said by another protocol. */
bool http1_start_parse_unreadable(struct span line, struct http_head *head);
bool http1_start_may_be_unreadable(struct span prefix);

/* Where in line a start line of dir begins that reaches to its end, or line.len. is_whole: line
 * begins at a line start, and a start line may begin with it. Otherwise, or further on, it stands
 * behind the last bytes of a body, which need not end with a line end; it must then be free of
 * markup (responses) or have a method of capital letters (requests). The target has to look like
 * one, or at a line start the method be a registered one. Control characters may stand only in a
 * target at a line start behind a method of capital letters. */
size_t http1_start_find(struct span line, enum dir dir, bool is_whole);

enum http1_field_check {
    HTTP1_FIELD_MORE, /* too few bytes to say */
    HTTP1_FIELD_NO,
    HTTP1_FIELD_YES,
};

/* Whether a line that begins with prefix is a plausible field line, or the empty line that ends a
 * head. Here prefix includes the line end when that was seen. */
enum http1_field_check http1_field_check(struct span prefix);

/* The same where other bytes may stand as well; start: the start line of dir before it, with its
 * line end. A status line with an empty line behind it stands in documents too, where a server
 * writes <status> with white space around its text: only with CR LF at both ends is it a head then.
 */
enum http1_field_check http1_field_check_behind(struct span start, struct span prefix,
                                                enum dir dir);

/* Whether byte may occur in a token, RFC 9110 §5.6.2. */
bool http1_is_token_byte(uint8_t byte);
