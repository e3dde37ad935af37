/* Header blocks, each behind a byte with its length, for two decoders. One misses the first block:
 * what both know of the others must be the same. (What only the second knows the encoder should not
 * have named: it has set a smaller table in the first block.) */
#include "dissector/base/fingerprint.h"
#include "dissector/http/hpack.h"

#include <stdlib.h>

static bool is_secret(struct span name)
{
    return name.len == 6;
}

static bool keep_some(struct span name)
{
    return !is_secret(name);
}

static uint64_t fingerprint(struct span name, struct span value)
{
    (void)name;
    return fingerprint_of(value);
}

static void expect_same(struct span some, struct span all)
{
    if (some.ptr && all.ptr && !span_equal(some, all))
        abort();
}

static void decode(struct hpack *all, struct hpack *some, struct span block, bool is_missed)
{
    struct hpack_field left, right;
    enum hpack_step step = HPACK_FIELD;
    hpack_begin(all, block);
    hpack_begin(some, is_missed ? span_of(NULL, 0) : block);
    while (step == HPACK_FIELD) {
        step = hpack_next(all, &left);
        if (hpack_next(some, &right) != step && !is_missed)
            abort();
        if (step == HPACK_FIELD && !is_missed) {
            expect_same(right.name, left.name);
            expect_same(right.value, left.value);
            if (right.name.ptr && left.name.ptr && right.fingerprint != left.fingerprint)
                abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct hpack_params params = {8192, 64, keep_some, is_secret, fingerprint};
    struct hpack all, some;
    hpack_init(&all, &params);
    hpack_init(&some, &params);
    hpack_forget(&some);
    for (struct span rest = span_of(data, size); rest.len > 0;) {
        struct span block = span_first(span_after(rest, 1), rest.ptr[0]);
        decode(&all, &some, block, rest.ptr == data);
        rest = span_after(rest, 1 + block.len);
    }
    hpack_free(&all);
    hpack_free(&some);
    return 0;
}
