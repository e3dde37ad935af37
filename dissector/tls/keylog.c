/* Lines of text in, secrets out; see keylog.h. Nothing of a line is ever shown. */
#include "dissector/tls/keylog.h"

#include "dissector/base/wipe.h"

enum { RANDOM_BYTES = 32, MASTER_BYTES = 48, PREMASTER_ID_BYTES = 8 };

struct label {
    const char *name;
    bool is_kept;
    enum secret_label label;
};

static const struct label labels[] = {
    {"CLIENT_RANDOM", true, SECRET_MASTER},
    {"CLIENT_EARLY_TRAFFIC_SECRET", true, SECRET_CLIENT_EARLY},
    {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", true, SECRET_CLIENT_HANDSHAKE},
    {"SERVER_HANDSHAKE_TRAFFIC_SECRET", true, SECRET_SERVER_HANDSHAKE},
    {"CLIENT_TRAFFIC_SECRET_0", true, SECRET_CLIENT_TRAFFIC},
    {"SERVER_TRAFFIC_SECRET_0", true, SECRET_SERVER_TRAFFIC},
    {"EXPORTER_SECRET", false, SECRET_N},
    {"EARLY_EXPORTER_SECRET", false, SECRET_N},
    {"EARLY_EXPORTER_MASTER_SECRET", false, SECRET_N},
    {"ECH_SECRET", false, SECRET_N},
    {"ECH_CONFIG", false, SECRET_N},
};

static struct span take_word(struct span *line)
{
    struct span rest = span_trim(*line);
    size_t len = span_find_any(rest, " \t");
    *line = span_after(rest, len);
    return span_first(rest, len);
}

static int digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    uint8_t lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Reads text as hexadecimal into out. -1: it is none, or longer than max_bytes. */
static int read_hex(struct span text, uint8_t *out, size_t max_bytes)
{
    if (text.len % 2 != 0 || text.len / 2 > max_bytes || text.len == 0)
        return -1;
    for (size_t i = 0; i < text.len; i += 2) {
        int high = digit(text.ptr[i]), low = digit(text.ptr[i + 1]);
        if (high < 0 || low < 0)
            return -1;
        out[i / 2] = (uint8_t)(high << 4 | low);
    }
    return (int)(text.len / 2);
}

/* A line without its label: the ID, then the secret. Texts before the hexadecimal are taken off. */
struct pair {
    struct secret_id id;
    enum secret_label label;
    struct span id_text, secret_text;
};

static bool is_length(const struct pair *pair, int id_len, int secret_len)
{
    switch (pair->id.of) {
    case SECRET_OF_RANDOM:
        if (id_len != RANDOM_BYTES)
            return false;
        break;
    case SECRET_OF_PREMASTER:
        return id_len == PREMASTER_ID_BYTES && secret_len == MASTER_BYTES;
    case SECRET_OF_SESSION:
    case SECRET_OF_TICKET:
        break;
    }
    bool is_hash = secret_len == 32 || secret_len == 48;
    return pair->label == SECRET_MASTER ? secret_len == MASTER_BYTES : is_hash;
}

static enum feed take_pair(struct keylog *keylog, struct pair *pair)
{
    uint8_t id[SECRET_MAX_ID_BYTES], secret[SECRET_MAX_BYTES];
    int id_len = read_hex(pair->id_text, id, sizeof id);
    int secret_len = read_hex(pair->secret_text, secret, sizeof secret);
    enum feed result = FEED_OK;
    if (id_len < 0 || secret_len < 0 || !is_length(pair, id_len, secret_len)) {
        keylog->n_malformed++;
    } else {
        keylog->n_secrets++;
        pair->id.bytes = span_of(id, (size_t)id_len);
        if (!secrets_put(keylog->secrets, &pair->id, pair->label,
                         span_of(secret, (size_t)secret_len)))
            result = FEED_NOMEM;
    }
    wipe(secret, sizeof secret);
    return result;
}

static bool take_prefix(struct span *text, const char *prefix)
{
    struct span wanted = span_str(prefix);
    if (!span_starts(*text, wanted))
        return false;
    *text = span_after(*text, wanted.len);
    return true;
}

static enum feed take_rsa(struct keylog *keylog, struct pair *pair)
{
    bool is_session = take_prefix(&pair->id_text, "Session-ID:") &&
                      take_prefix(&pair->secret_text, "Master-Key:");
    pair->id.of = is_session ? SECRET_OF_SESSION : SECRET_OF_PREMASTER;
    pair->label = is_session ? SECRET_MASTER : SECRET_PREMASTER;
    return take_pair(keylog, pair);
}

/* CLIENT_TRAFFIC_SECRET_1 and so on. */
static bool is_later_secret(struct span name)
{
    return take_prefix(&name, "CLIENT_TRAFFIC_SECRET_") ||
           take_prefix(&name, "SERVER_TRAFFIC_SECRET_");
}

static enum feed take_line(struct keylog *keylog, struct span line)
{
    line = span_trim(line);
    if (line.len == 0 || line.ptr[0] == '#')
        return FEED_OK;
    struct span name = take_word(&line);
    struct pair pair = {.id.of = SECRET_OF_RANDOM};
    pair.id_text = take_word(&line);
    pair.secret_text = take_word(&line);
    if (span_equal(name, span_str("RSA")))
        return take_rsa(keylog, &pair);
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (!span_equal(name, span_str(labels[i].name)))
            continue;
        pair.label = labels[i].label;
        return labels[i].is_kept ? take_pair(keylog, &pair) : FEED_OK;
    }
    keylog->n_malformed += !is_later_secret(name);
    return FEED_OK;
}

void keylog_init(struct keylog *keylog, struct secrets *secrets)
{
    *keylog = (struct keylog){.secrets = secrets};
}

static void gather(struct keylog *keylog, struct span bytes)
{
    size_t room = sizeof keylog->line - keylog->len;
    if (bytes.len > room) {
        keylog->len = sizeof keylog->line;
        return;
    }
    if (bytes.len > 0)
        memcpy(keylog->line + keylog->len, bytes.ptr, bytes.len);
    keylog->len += bytes.len;
}

static enum feed end_line(struct keylog *keylog)
{
    enum feed result = FEED_OK;
    if (keylog->len == sizeof keylog->line)
        keylog->n_malformed++;
    else
        result = take_line(keylog, span_of(keylog->line, keylog->len));
    wipe(keylog->line, keylog->len);
    keylog->len = 0;
    return result;
}

enum feed keylog_feed(struct keylog *keylog, struct span bytes)
{
    enum feed result = FEED_OK;
    while (bytes.len > 0 && result == FEED_OK) {
        size_t len = span_find_byte(bytes, '\n');
        gather(keylog, span_first(bytes, len));
        if (len < bytes.len)
            result = end_line(keylog);
        bytes = span_after(bytes, len + 1);
    }
    return result;
}

enum feed keylog_finish(struct keylog *keylog)
{
    return end_line(keylog);
}

void keylog_free(struct keylog *keylog)
{
    wipe(keylog->line, sizeof keylog->line);
    keylog->len = 0;
}
