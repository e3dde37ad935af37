/* Records in, their contents out, in whatever order of keys and numbers opens them; see opener.h.
 * Does not look into contents. */
#include "dissector/tls/opener.h"

#include "dissector/base/wipe.h"

/* One key that may open a record, and what it is made of. */
struct candidate {
    enum opener_epoch epoch;
    const struct suite *suite;
    struct span secret; /* TLS 1.3 */
};

void opener_init(struct opener *opener, const struct limits *limits, const struct secrets *secrets,
                 const struct keys_facts *facts)
{
    *opener = (struct opener){
        .limits = limits, .secrets = secrets, .facts = facts, .tries_left = limits->max_tls_tries};
}

/* ---- secrets ---- */

static enum secret_label label_of(enum opener_epoch epoch, enum dir dir)
{
    bool is_client = dir == DIR_CLIENT;
    if (epoch == OPENER_EARLY)
        return SECRET_CLIENT_EARLY;
    if (epoch == OPENER_HANDSHAKE)
        return is_client ? SECRET_CLIENT_HANDSHAKE : SECRET_SERVER_HANDSHAKE;
    return is_client ? SECRET_CLIENT_TRAFFIC : SECRET_SERVER_TRAFFIC;
}

static struct span secret_of(const struct opener *opener, enum opener_epoch epoch)
{
    if (epoch == OPENER_EARLY && opener->dir == DIR_SERVER)
        return (struct span){NULL, 0};
    return keys_secret(opener->secrets, opener->facts, label_of(epoch, opener->dir));
}

bool opener_is_tls13(const struct opener *opener)
{
    if (opener->facts->version != 0)
        return opener->facts->version == TLS_1_3;
    return secret_of(opener, OPENER_HANDSHAKE).len > 0 || secret_of(opener, OPENER_DATA).len > 0 ||
           secret_of(opener, OPENER_EARLY).len > 0;
}

/* ---- one key ---- */

/* How many numbers beyond the next the missing bytes can stand for. */
static size_t n_beyond(const struct opener *opener, const struct crypt *crypt)
{
    const struct record_loss *missing = &opener->missing;
    if (missing->n_bytes == 0)
        return 0;
    if (missing->n_records > 0)
        return missing->n_records < opener->tries_left ? (size_t)missing->n_records
                                                       : opener->tries_left;
    uint64_t n = missing->n_bytes / (RECORD_HEADER_BYTES + crypt_overhead_bytes(crypt) + 1) + 1;
    return n < opener->tries_left ? (size_t)n : opener->tries_left;
}

static bool try_number(struct crypt *crypt, const struct record *record, uint64_t sequence,
                       struct span *content, uint8_t *out)
{
    const struct crypt_record sealed = {record->type, record->version, record->body, sequence};
    size_t len;
    if (!crypt_open(crypt, &sealed, out, &len))
        return false;
    *content = span_of(out, len);
    return true;
}

/* Tries the key with the number first, then with those behind it; *found is the one that opened. */
static bool try_key(struct opener *opener, struct crypt *crypt, const struct record *record,
                    uint64_t first, struct opened *opened, uint8_t *out, uint64_t *found)
{
    size_t n = n_beyond(opener, crypt);
    for (size_t i = 0; i <= n; i++) {
        if (i > 0)
            opener->tries_left--;
        *found = first + i;
        if (try_number(crypt, record, *found, &opened->content, out))
            return true;
    }
    return false;
}

/* ---- what a record that opened says of those before it ---- */

/* Bytes of content in n records that take up n_bytes. */
static uint64_t content_bytes(const struct opener *opener, uint64_t n_bytes, uint64_t n_records)
{
    uint64_t overhead = RECORD_HEADER_BYTES + crypt_overhead_bytes(&opener->crypt);
    bool is_exact = suite_is_aead(opener->crypt.suite) && n_bytes >= n_records * overhead;
    return is_exact ? n_bytes - n_records * overhead : SINK_ALL;
}

static void account(struct opener *opener, uint64_t n_lost, struct opened *opened)
{
    const struct record_loss *missing = &opener->missing;
    opened->is_behind_loss = missing->n_bytes > 0;
    opened->is_cut = missing->is_cut;
    opened->n_missing_records = n_lost;
    opened->n_likely_bytes = n_lost > 0 ? content_bytes(opener, missing->n_bytes, n_lost) : 0;
    opened->n_missing_bytes = n_lost > 0 && opener->is_in_doubt ? SINK_ALL : opened->n_likely_bytes;
    opener->missing = (struct record_loss){0};
    opener->is_in_doubt = false;
    opener->tries_left = opener->limits->max_tls_tries;
}

/* RFC 8446 §5.2: content, type, zeros. A record of zeros alone has no type. */
static void strip(struct opened *opened)
{
    struct span *content = &opened->content;
    size_t len = content->len;
    while (len > 0 && content->ptr[len - 1] == 0)
        len--;
    opened->is_padded = len < content->len;
    opened->type = len > 0 ? content->ptr[len - 1] : 0;
    *content = span_first(*content, len > 0 ? len - 1 : 0);
}

/* ---- the keys that may have come ---- */

/* What a record takes up, header included. */
static uint64_t record_bytes(const struct suite *suite, uint64_t content_bytes)
{
    const struct crypt crypt = {.suite = suite, .version = TLS_1_3};
    return RECORD_HEADER_BYTES + crypt_overhead_bytes(&crypt) + content_bytes;
}

/* Between early data and the keys of the handshake stand EndOfEarlyData and ChangeCipherSpec, and
 * before those for data Finished too (RFC 8446 §4.4.4, §4.5, appendix D.4). */
static bool may_lack_early(const struct opener *opener, const struct candidate *candidate)
{
    enum { CHANGE_CIPHER_BYTES = 1, MESSAGE_HEADER_BYTES = 4 };
    const struct suite *suite = candidate->suite;
    uint64_t n_bytes = RECORD_HEADER_BYTES + CHANGE_CIPHER_BYTES;
    n_bytes += record_bytes(suite, MESSAGE_HEADER_BYTES);
    if (candidate->epoch == OPENER_DATA)
        n_bytes += record_bytes(suite, MESSAGE_HEADER_BYTES + suite_hash_bytes(suite->hash));
    return opener->dir == DIR_CLIENT && opener->epoch < OPENER_HANDSHAKE &&
           candidate->epoch >= OPENER_HANDSHAKE && opener->missing.n_bytes > n_bytes;
}

static void adopt(struct opener *opener, const struct candidate *candidate, struct crypt *crypt)
{
    crypt_free(&opener->crypt);
    opener->crypt = *crypt;
    opener->epoch = candidate->epoch;
    opener->suite = candidate->suite;
    opener->traffic_len = (uint8_t)candidate->secret.len;
    memcpy(opener->traffic, candidate->secret.ptr, candidate->secret.len);
    opener->is_in_doubt = opener->missing.n_bytes > 0;
}

static bool try_candidate(struct opener *opener, const struct candidate *candidate,
                          const struct record *record, uint8_t *out, struct opened *opened)
{
    struct crypt crypt;
    uint64_t found;
    if (!keys_from_traffic(candidate->suite, candidate->secret, &crypt))
        return false;
    if (!try_key(opener, &crypt, record, 0, opened, out, &found)) {
        crypt_free(&crypt);
        return false;
    }
    opened->may_lack_early = may_lack_early(opener, candidate);
    adopt(opener, candidate, &crypt);
    account(opener, found, opened);
    opener->sequence = found + 1;
    return true;
}

/* The keys of an epoch, with the suite of the connection or each that may be it. */
static bool try_epoch(struct opener *opener, enum opener_epoch epoch, const struct record *record,
                      uint8_t *out, struct opened *opened)
{
    struct candidate candidate = {epoch, opener->facts->suite, secret_of(opener, epoch)};
    if (candidate.secret.len == 0)
        return false;
    if (candidate.suite)
        return try_candidate(opener, &candidate, record, out, opened);
    for (size_t i = 0; (candidate.suite = suite_tls13_at(i)); i++)
        if (try_candidate(opener, &candidate, record, out, opened))
            return true;
    return false;
}

/* Whether more is missing than a KeyUpdate of the present keys (RFC 8446 §4.6.3). */
static bool lacks_more_than_update(const struct opener *opener, const struct suite *suite)
{
    enum { KEY_UPDATE_BYTES = 5 };
    return opener->missing.n_bytes > record_bytes(suite, KEY_UPDATE_BYTES);
}

/* A KeyUpdate may have been among what is missing, or been all that is. How much was missing before
 * it does not show in the numbers behind it. */
static bool try_next_generation(struct opener *opener, const struct record *record, uint8_t *out,
                                struct opened *opened)
{
    bool has_key = opener->crypt.cipher != NULL;
    struct span last =
        has_key ? span_of(opener->traffic, opener->traffic_len) : secret_of(opener, OPENER_DATA);
    const struct suite *suite = has_key ? opener->suite : opener->facts->suite;
    if (!suite || last.len == 0)
        return false;
    uint8_t secret[SECRET_MAX_BYTES];
    memcpy(secret, last.ptr, last.len);
    const struct candidate candidate = {OPENER_DATA, suite, span_of(secret, last.len)};
    bool is_unclear = lacks_more_than_update(opener, suite);
    bool is_opened = keys_update(suite, secret, last.len) &&
                     try_candidate(opener, &candidate, record, out, opened);
    wipe(secret, sizeof secret);
    if (is_opened && is_unclear)
        opened->n_missing_bytes = SINK_ALL;
    return is_opened;
}

static bool has_secret_from(const struct opener *opener, enum opener_epoch epoch)
{
    for (; epoch <= OPENER_DATA; epoch++)
        if (secret_of(opener, epoch).len > 0)
            return true;
    return false;
}

static enum opener_answer open_later(struct opener *opener, const struct record *record,
                                     uint8_t *out, struct opened *opened)
{
    bool has_key = opener->crypt.cipher != NULL;
    enum opener_epoch first =
        opener->epoch == OPENER_DATA && !has_key ? OPENER_DATA : opener->epoch + 1;
    if (!has_key && !has_secret_from(opener, first))
        return OPENER_LACKS_KEYS;
    for (enum opener_epoch epoch = first; epoch <= OPENER_DATA; epoch++)
        if (try_epoch(opener, epoch, record, out, opened))
            return OPENER_OPENED;
    if (opener->epoch == OPENER_DATA && opener->missing.n_bytes > 0 &&
        try_next_generation(opener, record, out, opened))
        return OPENER_OPENED;
    return OPENER_SEALED;
}

static bool open_present(struct opener *opener, const struct record *record, uint8_t *out,
                         struct opened *opened)
{
    uint64_t found;
    /* Encrypt-then-MAC would call a record authentic whose first block is not read right. */
    bool is_torn = opener->is_unchained && crypt_is_chained(&opener->crypt);
    if (!opener->crypt.cipher || is_torn ||
        !try_key(opener, &opener->crypt, record, opener->sequence, opened, out, &found))
        return false;
    account(opener, found - opener->sequence, opened);
    opener->sequence = found + 1;
    return true;
}

enum opener_answer opener_open(struct opener *opener, const struct record *record, uint8_t *out,
                               struct opened *opened)
{
    bool is_tls13 = opener_is_tls13(opener);
    enum opener_answer answer = OPENER_OPENED;
    opened->is_padded = opened->may_lack_early = false;
    opened->type = record->type;
    if (!open_present(opener, record, out, opened))
        answer = is_tls13 ? open_later(opener, record, out, opened) : OPENER_SEALED;
    crypt_pass_over(&opener->crypt, record->body);
    opener->is_unchained = false;
    if (answer == OPENER_OPENED && is_tls13)
        strip(opened);
    return answer;
}

/* ---- losses and changes ---- */

void opener_miss(struct opener *opener, const struct record *record)
{
    struct record_loss *missing = &opener->missing;
    bool is_counted = missing->n_bytes == 0 || missing->n_records > 0;
    missing->n_bytes += RECORD_HEADER_BYTES + record->body.len;
    missing->n_records += is_counted;
}

void opener_lose(struct opener *opener, const struct record_loss *lost)
{
    struct record_loss *missing = &opener->missing;
    if (lost->n_bytes == 0)
        return;
    bool is_counted = (missing->n_bytes == 0 || missing->n_records > 0) && lost->n_records > 0;
    missing->n_records = is_counted ? missing->n_records + lost->n_records : 0;
    missing->n_bytes += lost->n_bytes;
    missing->is_cut = lost->is_cut;
    opener->is_unchained = true;
    opener->is_in_doubt = opener->is_in_doubt || opener->sequence == 0;
}

bool opener_pass_over(struct opener *opener, const struct record_loss *lost, uint64_t *n_bytes)
{
    bool is_in_data = opener->epoch == OPENER_DATA && opener->crypt.cipher &&
                      opener->missing.n_bytes == 0 && opener->sequence > 0;
    *n_bytes = is_in_data ? content_bytes(opener, lost->n_bytes, lost->n_records) : SINK_ALL;
    if (*n_bytes == SINK_ALL) {
        opener_lose(opener, lost);
        return false;
    }
    opener->sequence += lost->n_records;
    return true;
}

void opener_forget_loss(struct opener *opener)
{
    opener->missing = (struct record_loss){0};
    opener->is_in_doubt = opener->is_unchained = false;
}

void opener_share_tries(struct opener *opener, size_t n)
{
    opener->tries_left /= n;
}

bool opener_is_missing(const struct opener *opener)
{
    return opener->missing.n_bytes > 0;
}

enum opener_answer opener_change_cipher(struct opener *opener)
{
    struct crypt crypt;
    struct span master = keys_master(opener->secrets, opener->facts);
    if (master.len == 0 || !opener->facts->has_client)
        return OPENER_LACKS_KEYS;
    if (!keys_from_master(opener->facts, master, opener->dir, &crypt))
        return OPENER_SEALED;
    crypt_free(&opener->crypt);
    opener->crypt = crypt;
    opener->epoch = OPENER_DATA;
    opener->sequence = 0;
    opener->is_unchained = opener_is_missing(opener);
    return OPENER_OPENED;
}

/* The next secret is found when a record comes: in live traffic it may be told only then. */
void opener_begin_data(struct opener *opener)
{
    crypt_free(&opener->crypt);
    opener->epoch = OPENER_DATA;
    opener->sequence = 0;
}

void opener_update(struct opener *opener)
{
    struct crypt crypt;
    if (!opener->suite || !keys_update(opener->suite, opener->traffic, opener->traffic_len) ||
        !keys_from_traffic(opener->suite, span_of(opener->traffic, opener->traffic_len), &crypt))
        return;
    crypt_free(&opener->crypt);
    opener->crypt = crypt;
    opener->sequence = 0;
}

void opener_free(struct opener *opener)
{
    crypt_free(&opener->crypt);
    wipe(opener->traffic, sizeof opener->traffic);
}
