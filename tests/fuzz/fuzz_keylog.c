/* A key log, cut into two feeds where its first byte says. What is read does not depend on the cut,
 * and no more secrets are kept than there is room for. */
#include "dissector/tls/keylog.h"

#include <assert.h>

enum { MAX_ENTRIES = 4 };

struct counts {
    uint64_t n_secrets, n_malformed;
    size_t n_entries;
};

static struct counts read_log(struct span text, size_t cut)
{
    const struct hash_key key = {1, 2};
    struct secrets secrets;
    struct keylog keylog;
    secrets_init(&secrets, MAX_ENTRIES, &key);
    keylog_init(&keylog, &secrets);
    (void)keylog_feed(&keylog, span_first(text, cut));
    (void)keylog_feed(&keylog, span_after(text, cut));
    (void)keylog_finish(&keylog);
    struct counts counts = {keylog.n_secrets, keylog.n_malformed, secrets_n_entries(&secrets)};
    keylog_free(&keylog);
    secrets_free(&secrets);
    return counts;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct span text = span_of(data + 1, size - 1);
    struct counts whole = read_log(text, 0), cut = read_log(text, data[0]);
    (void)whole, (void)cut; /* assertions may be left out */
    assert(whole.n_secrets == cut.n_secrets && whole.n_malformed == cut.n_malformed);
    assert(whole.n_entries == cut.n_entries && whole.n_entries <= MAX_ENTRIES);
    return 0;
}
