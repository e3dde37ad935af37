/* filter: which documents are shown and counted. Each option narrows; several values of one option
 * widen it. A document is judged when it is complete (its verdict and statuses are known only
 * then); hrefs are matched as they go by.
 *
 * The strings given must outlive the filter. A zeroed filter chooses everything. */
#pragma once

#include "output/error.h"
#include "output/record.h"

/* Values of one option. */
enum { FILTER_MAX_VALUES = 32 };

struct filter_network {
    struct address address;
    unsigned prefix_bits;
};

struct filter {
    /* fields are private */
    uint32_t verdicts; /* bits 1 << enum verdict; 0 = any */
    bool has_statuses;
    uint8_t statuses[(STATUS_N + 7) / 8]; /* one bit a code */
    const char *methods[FILTER_MAX_VALUES], *hosts[FILTER_MAX_VALUES], *hrefs[FILTER_MAX_VALUES];
    struct filter_network clients[FILTER_MAX_VALUES];
    size_t n_methods, n_hosts, n_hrefs, n_clients;
};

/* One option of the command line; the table is also the source of --help. */
struct filter_option {
    const char *name;     /* "only" */
    const char *argument; /* "VERDICT,..." */
    const char *help;
    /* False: value makes no sense, and error says why. */
    bool (*parse)(struct filter *filter, const char *value, struct error *error);
};

/* Row i, NULL behind the last:
 * only    VERDICT,...   all-ok, mixed, all-failed, empty, undecodable, incomplete
 * status  LIST          "423,5xx,400-499": of any resource, or of the response itself
 * method  NAME,...      the method, or the operation ("REPORT sync-collection"); case is ignored
 * host    GLOB          the request's Host, with or without its port; case is ignored. Without
 *                       Host: the server's address
 * client  ADDR[/LEN]    the client's address, IPv4 or IPv6
 * href    GLOB          any href, as the document says it
 * In a GLOB * stands for any bytes ("/" too), ? for one, [a-z] for one of them, \ quotes. */
const struct filter_option *filter_option_at(size_t i);

bool filter_is_set(const struct filter *filter);

/* Whether it chooses by --host, --client or --href. */
bool filter_names_places(const struct filter *filter);

/* Whether an --href is given and one of its globs matches. */
bool filter_matches_href(const struct filter *filter, struct span href);

enum filter_choice {
    FILTER_LEFT,
    FILTER_OTHER_VERDICT, /* everything matches but --only: --fail-on names verdicts of its own */
    FILTER_CHOSEN,
};

/* Of a complete document; has_href: one of its hrefs matched. */
enum filter_choice filter_choose(const struct filter *filter, const struct record *record,
                                 bool has_href);

/* Whether an exchange without a document is chosen, for findings: by its method, host, client and
 * HTTP status. A filter for verdicts or hrefs chooses none. */
bool filter_chooses_exchange(const struct filter *filter, const struct event *event);

/* "mixed,undecodable" as bits 1 << enum verdict, for --only and --fail-on. */
bool filter_parse_verdicts(const char *list, uint32_t *verdicts, struct error *error);
