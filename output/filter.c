/* Reads the options that choose documents, and chooses; see filter.h. Sees complete documents and
 * single hrefs, keeps nothing of them. */
#include "output/filter.h"

#include "output/address.h"
#include "output/glob.h"
#include "output/url.h"

enum { LIST_ITEM_BYTES = 64 };

/* The next item of a list with commas, trimmed; *list moves behind it. False at the end. */
static bool next_item(struct span *list, struct span *item)
{
    if (!list->ptr)
        return false;
    size_t comma = span_find_byte(*list, ',');
    *item = span_trim(span_first(*list, comma));
    *list = comma < list->len ? span_of(list->ptr + comma + 1, list->len - comma - 1)
                              : (struct span){NULL, 0};
    return true;
}

static bool complain(struct error *error, const char *what, struct span item)
{
    int len = (int)(item.len < LIST_ITEM_BYTES ? item.len : LIST_ITEM_BYTES);
    return error_set(error, "%s \"%.*s\"", what, len, (const char *)item.ptr);
}

bool filter_parse_verdicts(const char *list, uint32_t *verdicts, struct error *error)
{
    struct span rest = span_str(list), item;
    while (next_item(&rest, &item)) {
        uint32_t bit = 0;
        for (unsigned i = 0; i < VERDICT_N; i++)
            if (span_equal(item, span_str(verdict_name((enum verdict)i))))
                bit = UINT32_C(1) << i;
        if (bit == 0)
            return complain(error, "no such verdict:", item);
        *verdicts |= bit;
    }
    return true;
}

static bool parse_only(struct filter *filter, const char *value, struct error *error)
{
    return filter_parse_verdicts(value, &filter->verdicts, error);
}

static bool parse_code(struct span s, uint64_t *code)
{
    return s.len == 3 && span_decimal(s, STATUS_N - 1, code) && *code >= 100;
}

/* "423", "5xx" or "400-499". */
static bool parse_codes(struct span item, uint64_t *first, uint64_t *last)
{
    if (item.len == 3 && span_equal_nocase(span_after(item, 1), span_str("xx"))) {
        if (!span_decimal(span_first(item, 1), 9, first) || *first == 0)
            return false;
        *first *= 100;
        *last = *first + 99;
        return true;
    }
    size_t dash = span_find_byte(item, '-');
    if (dash == item.len) {
        bool is_code = parse_code(item, first);
        *last = *first;
        return is_code;
    }
    return parse_code(span_first(item, dash), first) &&
           parse_code(span_after(item, dash + 1), last) && *first <= *last;
}

static bool parse_status(struct filter *filter, const char *value, struct error *error)
{
    struct span rest = span_str(value), item;
    while (next_item(&rest, &item)) {
        uint64_t first = 0, last = 0;
        if (!parse_codes(item, &first, &last))
            return complain(error, "no status, class (5xx) or range (400-499):", item);
        for (uint64_t code = first; code <= last; code++)
            filter->statuses[code / 8] |= (uint8_t)(1 << code % 8);
    }
    filter->has_statuses = true;
    return true;
}

static bool add_text(const char **texts, size_t *n, const char *value, struct error *error)
{
    if (value[0] == '\0')
        return error_set(error, "nothing given");
    if (*n == FILTER_MAX_VALUES)
        return error_set(error, "more than %d values", FILTER_MAX_VALUES);
    texts[(*n)++] = value;
    return true;
}

static bool parse_method(struct filter *filter, const char *value, struct error *error)
{
    return add_text(filter->methods, &filter->n_methods, value, error);
}

static bool parse_host(struct filter *filter, const char *value, struct error *error)
{
    return add_text(filter->hosts, &filter->n_hosts, value, error);
}

static bool parse_href(struct filter *filter, const char *value, struct error *error)
{
    return add_text(filter->hrefs, &filter->n_hrefs, value, error);
}

static bool parse_client(struct filter *filter, const char *value, struct error *error)
{
    if (filter->n_clients == FILTER_MAX_VALUES)
        return error_set(error, "more than %d values", FILTER_MAX_VALUES);
    struct span text = span_str(value), length;
    size_t slash = span_find_byte(text, '/');
    char address[ADDRESS_TEXT_BYTES];
    struct filter_network network;
    if (slash >= sizeof address)
        return complain(error, "no address:", text);
    memcpy(address, value, slash);
    address[slash] = '\0';
    if (!address_parse(address, &network.address))
        return complain(error, "no address:", text);
    uint64_t bits = network.address.version == 4 ? 32 : 128;
    length = span_after(text, slash + 1);
    if (slash < text.len && !span_decimal(length, bits, &bits))
        return complain(error, "no prefix length:", text);
    network.prefix_bits = (unsigned)bits;
    filter->clients[filter->n_clients++] = network;
    return true;
}

static const struct filter_option options[] = {
    {"only", "VERDICT,...", "documents of these verdicts", parse_only},
    {"status", "LIST", "that show one of these statuses (423,5xx,400-499)", parse_status},
    {"method", "NAME,...", "of these methods or operations", parse_method},
    {"host", "GLOB", "of requests to such a Host", parse_host},
    {"client", "ADDR[/LEN]", "of clients in this network", parse_client},
    {"href", "GLOB", "that speak of such an href", parse_href},
};

static bool has_status(const struct filter *filter, const struct record *record)
{
    for (unsigned code = 0; code < STATUS_N; code++) {
        bool is_wanted = filter->statuses[code / 8] >> code % 8 & 1;
        bool is_mark = code == 507 && (record->end.flags & DOCUMENT_TRUNCATED);
        bool is_shown = is_mark || (record->end.by_status && record->end.by_status[code] > 0);
        if (is_wanted && (is_shown || record->exchange->status == code))
            return true;
    }
    return false;
}

/* A method that was not seen is the first word of the operation guessed from the shape. One that
 * stands for another counts as both. */
static bool has_method(const struct filter *filter, const struct record *record)
{
    struct span operation = record->operation, method = record->exchange->method;
    struct span meant = request_method(record->request, method);
    if (method.len == 0)
        method = span_first(operation, span_find_byte(operation, ' '));
    for (size_t i = 0; i < filter->n_methods; i++) {
        struct span rest = span_str(filter->methods[i]), item;
        while (next_item(&rest, &item))
            if (span_equal_nocase(item, method) || span_equal_nocase(item, operation) ||
                span_equal_nocase(item, meant))
                return true;
    }
    return false;
}

static bool has_host(const struct filter *filter, const struct record *record)
{
    struct span host = span_trim(record->exchange->request.fields[HTTP_HOST]);
    struct span domain = record->url.domain;
    char address[ADDRESS_TEXT_BYTES];
    address_text(&record->connection->server.address, address);
    if (!domain.ptr)
        domain = span_str(address);
    for (size_t i = 0; i < filter->n_hosts; i++)
        if (glob_match(filter->hosts[i], host, true) || glob_match(filter->hosts[i], domain, true))
            return true;
    return false;
}

static bool has_client(const struct filter *filter, const struct record *record)
{
    for (size_t i = 0; i < filter->n_clients; i++)
        if (address_shares_prefix(&filter->clients[i].address, &record->connection->client.address,
                                  filter->clients[i].prefix_bits))
            return true;
    return false;
}

const struct filter_option *filter_option_at(size_t i)
{
    return i < sizeof options / sizeof *options ? &options[i] : NULL;
}

bool filter_is_set(const struct filter *filter)
{
    return filter->verdicts || filter->has_statuses || filter->n_methods || filter->n_hosts ||
           filter->n_clients || filter->n_hrefs;
}

bool filter_names_places(const struct filter *filter)
{
    return filter->n_hosts || filter->n_clients || filter->n_hrefs;
}

bool filter_matches_href(const struct filter *filter, struct span href)
{
    for (size_t i = 0; i < filter->n_hrefs; i++)
        if (glob_match(filter->hrefs[i], href, false))
            return true;
    return false;
}

static bool covers(const struct filter *filter, const struct record *record, bool has_href)
{
    if (filter->has_statuses && !has_status(filter, record))
        return false;
    if (filter->n_methods > 0 && !has_method(filter, record))
        return false;
    if (filter->n_hosts > 0 && !has_host(filter, record))
        return false;
    if (filter->n_clients > 0 && !has_client(filter, record))
        return false;
    return filter->n_hrefs == 0 || has_href;
}

enum filter_choice filter_choose(const struct filter *filter, const struct record *record,
                                 bool has_href)
{
    if (!covers(filter, record, has_href))
        return FILTER_LEFT;
    bool has_verdict = filter->verdicts == 0 || (filter->verdicts >> record->end.verdict & 1);
    return has_verdict ? FILTER_CHOSEN : FILTER_OTHER_VERDICT;
}

bool filter_chooses_exchange(const struct filter *filter, const struct event *event)
{
    const struct exchange *exchange = event->exchange;
    struct record record = {
        .connection = event->connection,
        .exchange = exchange,
        .request = event->request,
        .operation = exchange->method,
        .url = {.domain = url_domain(exchange->request.fields[HTTP_HOST])},
    };
    return filter->verdicts == 0 && covers(filter, &record, false);
}
