/* Any first bytes of either side, and every beginning of them: what is found whole stays so. */
#include "dissector/preface.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum preface_kind before = PREFACE_MORE;
    struct preface preface, whole = {.len = 0};
    for (size_t len = 1; len <= size && len < 1024; len++) {
        enum preface_kind kind = preface_find(span_of(data, len), &preface);
        assert(preface.source.address.version == 0 || preface.source.address.version == 4 ||
               preface.source.address.version == 6);
        assert(before == PREFACE_MORE || kind == before);
        if (before == PREFACE_WHOLE)
            assert(preface.len == whole.len);
        assert(kind != PREFACE_WHOLE || preface.len <= len);
        before = kind;
        whole = preface;
        (void)whole; /* assertions may be left out */
    }
    return 0;
}
