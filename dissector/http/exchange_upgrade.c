/* Heads in, whether HTTP/2 or a tunnel may follow out. Does not look at bytes. */
#include "dissector/http/exchange_upgrade.h"

#include "dissector/http/exchange_tail.h"

static bool names_h2c(struct span upgrade)
{
    return span_equal_nocase(upgrade, span_str("h2c"));
}

/* RFC 9110 §7.8: a list; whether it names HTTP/2, and, alone, nothing else. */
static bool offers_h2c(struct span list, bool is_alone)
{
    if (is_alone)
        return names_h2c(list);
    while (list.len > 0) {
        size_t n = span_find_byte(list, ',');
        if (names_h2c(span_trim(span_first(list, n))))
            return true;
        list = span_after(list, n + 1);
    }
    return false;
}

void exchange_upgrade_request(struct exchanges *exchanges, const struct http_head *head)
{
    exchanges->may_upgrade = offers_h2c(head->fields[HTTP_UPGRADE], false);
    exchanges->may_connect = span_equal(head->method, span_str("CONNECT"));
}

/* RFC 9110 §9.3.6: what grants CONNECT has no length. */
static bool may_grant(const struct http_head *head)
{
    return head->status >= 200 && head->status < 300 && head->framing == HTTP_FRAMING_UNTIL_CLOSE;
}

void exchange_upgrade_response(struct exchanges *exchanges, const struct exchange_entry *waiting,
                               const struct http_head *head)
{
    if (head->status < 200)
        return;
    exchanges->may_upgrade = false;
    exchanges->may_connect = !waiting && may_grant(head);
    exchanges->lacks_response = false;
}

bool exchanges_may_connect(const struct exchanges *exchanges)
{
    return exchanges->may_connect || exchanges->lacks_response;
}

enum feed exchanges_connect(struct exchanges *exchanges, const struct origin *origin)
{
    exchanges->is_connected = true;
    if (exchange_tail_end(exchanges, origin) == FEED_NOMEM)
        return FEED_NOMEM;
    struct exchange_entry *grant = exchanges->current[DIR_SERVER];
    if (!grant || !grant->is_open[DIR_SERVER])
        return FEED_OK;
    enum feed answer = exchange_life_end_message(grant, DIR_SERVER, END_COMPLETE, origin);
    exchange_life_end_if_over(grant, origin);
    return answer == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}

bool exchange_upgrade_is_meant(const struct exchange_entry *waiting, const struct http_head *head)
{
    struct span upgrade = head->fields[HTTP_UPGRADE];
    if (upgrade.ptr || !head->is_partial || !waiting)
        return names_h2c(upgrade);
    return offers_h2c(waiting->exchange.request.fields[HTTP_UPGRADE], true);
}

enum feed exchange_upgrade(struct exchanges *exchanges, struct exchange_entry *waiting)
{
    exchanges->is_upgraded = true;
    exchanges->may_upgrade = false;
    if (waiting && waiting == exchanges->tail)
        exchanges->tail = NULL;
    return !waiting || exchange_entry_set_stream(waiting, 1) ? FEED_OK : FEED_NOMEM;
}
