/* Pieces of a request stream and of an encoder stream, each behind four bytes: which stream, where,
 * how long, whether it ends there. The encoder's bytes go into QPACK, whole heads are read. */
#include "dissector/http/http3_stream.h"
#include "dissector/http/qpack.h"

static bool keep_some(struct span name)
{
    return name.len != 6;
}

static void on_section(void *ctx, struct span section)
{
    struct hpack_field field;
    if (qpack_begin(ctx, section))
        while (qpack_next(ctx, &field) == HPACK_FIELD)
            if (field.name.len > HPACK_MAX_NAME_BYTES || field.value.len > 64)
                __builtin_trap();
}

static void on_bytes(void *ctx, struct span bytes)
{
    (void)qpack_insert(ctx, bytes);
}

static void on_setting(void *ctx, uint64_t id, uint64_t value)
{
    if (id == 1)
        qpack_allow(ctx, value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct http3_ops ops = {on_section, on_bytes, on_setting, on_bytes};
    const struct hpack_params params = {8192, 64, keep_some, NULL, NULL};
    struct http3_stream streams[2];
    struct qpack qpack;
    qpack_init(&qpack, &params, 4096);
    for (int i = 0; i < 2; i++)
        http3_stream_init(&streams[i], &limits_default, i == 0, (struct http3_sink){&ops, &qpack});
    for (struct span rest = span_of(data, size); rest.len >= 4;) {
        struct quic_piece piece = {rest.ptr[1], span_first(span_after(rest, 4), rest.ptr[2]),
                                   rest.ptr[3] & 1};
        (void)http3_stream_feed(&streams[rest.ptr[0] & 1], &piece);
        rest = span_after(rest, 4 + piece.bytes.len);
    }
    http3_stream_free(&streams[0]);
    http3_stream_free(&streams[1]);
    qpack_free(&qpack);
    return 0;
}
