/* Bytes in, records out; see record.h. The machine has three states: at a header, inside a record
 * that is lost in part, and searching for a header. */
#include "dissector/tls/record.h"

enum { MAX_MINOR = 4 };

static size_t body_bytes(const uint8_t *header)
{
    return (size_t)header[3] << 8 | header[4];
}

bool record_is_possible(struct span bytes)
{
    if (bytes.ptr[0] < RECORD_CCS || bytes.ptr[0] > RECORD_DATA)
        return false;
    if (bytes.len > 1 && bytes.ptr[1] != 3)
        return false;
    if (bytes.len > 2 && bytes.ptr[2] > MAX_MINOR)
        return false;
    if (bytes.len > 3 && bytes.ptr[3] > RECORD_MAX_BODY_BYTES >> 8)
        return false;
    return bytes.len < RECORD_HEADER_BYTES ||
           (body_bytes(bytes.ptr) > 0 && body_bytes(bytes.ptr) <= RECORD_MAX_BODY_BYTES);
}

static enum feed settle(struct records *records, enum feed why)
{
    buf_free(&records->kept);
    return records->settled = why;
}

static void lose(struct records *records, uint64_t n_bytes)
{
    records->lost.n_bytes += n_bytes;
}

/* The whole record at the start of bytes. False when it was refused. */
static bool emit(struct records *records, struct span bytes, bool is_sure,
                 const struct origin *origin)
{
    const struct record record = {
        .type = bytes.ptr[0],
        .version = (uint16_t)(bytes.ptr[1] << 8 | bytes.ptr[2]),
        .body = span_of(bytes.ptr + RECORD_HEADER_BYTES, body_bytes(bytes.ptr)),
        .lost = records->lost,
        .is_sure = is_sure,
        .origin = *origin,
    };
    enum record_answer answer = records->sink.record(records->sink.ctx, &record);
    if (answer == RECORD_REFUSED && !is_sure)
        return false;
    records->lost = (struct record_loss){0};
    if (answer == RECORD_STOP)
        records->settled = FEED_STOP;
    if (answer == RECORD_NOMEM)
        records->settled = FEED_NOMEM;
    return true;
}

/* Length of the record at the start of bytes with its header; 0: more bytes are needed to say, or
 * to have it whole. */
static size_t whole_record(struct span bytes)
{
    if (bytes.len < RECORD_HEADER_BYTES)
        return 0;
    size_t n = RECORD_HEADER_BYTES + body_bytes(bytes.ptr);
    return n <= bytes.len ? n : 0;
}

static void begin_search(struct records *records)
{
    records->is_searching = true;
    records->lost.n_records = 0;
}

/* Takes records from the start of bytes, as long as they are whole; returns how many bytes. */
static size_t take_records(struct records *records, struct span bytes, const struct origin *origin)
{
    size_t at = 0;
    while (at < bytes.len && records->settled == FEED_OK && !records->is_searching) {
        struct span rest = span_after(bytes, at);
        if (!record_is_possible(rest)) {
            begin_search(records);
            break;
        }
        size_t n = whole_record(rest);
        if (n == 0)
            break;
        (void)emit(records, rest, true, origin);
        at += n;
    }
    return at;
}

/* Looks for a record in bytes; returns how many need not be kept longer. */
static size_t search(struct records *records, struct span bytes, const struct origin *origin)
{
    for (size_t at = 0; at < bytes.len; at++) {
        struct span rest = span_after(bytes, at);
        if (!record_is_possible(rest)) {
            lose(records, 1);
            continue;
        }
        size_t n = whole_record(rest);
        if (n == 0)
            return at;
        struct span next = span_after(rest, n);
        if ((next.len == 0 || record_is_possible(next)) &&
            emit(records, rest, next.len >= RECORD_HEADER_BYTES, origin)) {
            records->is_searching = false;
            records->searched_bytes = 0;
            return at + n;
        }
        lose(records, 1);
    }
    return bytes.len;
}

/* What follows a record that was found may break off at bytes that are no header: then the search
 * goes on. */
static size_t search_and_take(struct records *records, struct span bytes,
                              const struct origin *origin)
{
    for (size_t at = 0;;) {
        at += search(records, span_after(bytes, at), origin);
        if (records->is_searching)
            return at;
        at += take_records(records, span_after(bytes, at), origin);
        if (!records->is_searching)
            return at;
    }
}

static enum feed feed_search(struct records *records, struct span bytes,
                             const struct origin *origin)
{
    records->searched_bytes += bytes.len;
    if (buf_append(&records->kept, bytes) != BUF_OK)
        return settle(records, FEED_NOMEM);
    buf_drop_first(&records->kept, search_and_take(records, buf_span(&records->kept), origin));
    if (records->is_searching && records->searched_bytes > records->max_search_bytes)
        return settle(records, FEED_STOP);
    return records->settled;
}

/* Appends to what is kept of a record only what it lacks, so that at most one is kept. */
static struct span complete_kept(struct records *records, struct span bytes)
{
    struct buf *kept = &records->kept;
    size_t want = RECORD_HEADER_BYTES;
    if (kept->len >= RECORD_HEADER_BYTES)
        want += body_bytes(kept->ptr);
    struct span piece = span_first(bytes, want - kept->len);
    if (buf_append(kept, piece) != BUF_OK)
        settle(records, FEED_NOMEM);
    return span_after(bytes, piece.len);
}

/* One step at a header: from what is kept, or from bytes as they are. Returns what is left. */
static struct span step(struct records *records, struct span bytes, const struct origin *origin)
{
    if (records->kept.len == 0) {
        struct span rest = span_after(bytes, take_records(records, bytes, origin));
        return records->is_searching || records->settled != FEED_OK ? rest
                                                                    : complete_kept(records, rest);
    }
    struct span rest = complete_kept(records, bytes);
    if (records->settled == FEED_OK)
        buf_drop_first(&records->kept, take_records(records, buf_span(&records->kept), origin));
    return rest;
}

static struct span pass_over(struct records *records, struct span bytes)
{
    size_t n = records->left_bytes < bytes.len ? (size_t)records->left_bytes : bytes.len;
    records->left_bytes -= n;
    return span_after(bytes, n);
}

void records_init(struct records *records, uint64_t max_search_bytes, struct record_sink sink)
{
    *records = (struct records){.sink = sink, .max_search_bytes = max_search_bytes};
    buf_init(&records->kept, 3 * (RECORD_HEADER_BYTES + RECORD_MAX_BODY_BYTES));
}

enum feed records_feed(struct records *records, struct span bytes, const struct origin *origin)
{
    while (bytes.len > 0 && records->settled == FEED_OK) {
        if (records->left_bytes > 0) {
            bytes = pass_over(records, bytes);
        } else if (!records->is_searching) {
            bytes = step(records, bytes, origin);
        } else {
            struct span piece = span_first(bytes, RECORD_HEADER_BYTES + RECORD_MAX_BODY_BYTES);
            bytes = span_after(bytes, piece.len);
            feed_search(records, piece, origin);
        }
    }
    if (records->kept.len == 0)
        buf_free(&records->kept);
    return records->settled;
}

/* The record whose header is kept is lost, and counted whole as soon as it began to be. */
static void lose_kept(struct records *records)
{
    struct buf *kept = &records->kept;
    size_t body_len = body_bytes(kept->ptr);
    records->left_bytes = RECORD_HEADER_BYTES + body_len - kept->len;
    lose(records, RECORD_HEADER_BYTES + body_len);
    if (records->lost.n_bytes == RECORD_HEADER_BYTES + body_len || records->lost.n_records > 0)
        records->lost.n_records++;
    buf_clear(kept);
}

enum feed records_gap(struct records *records, uint64_t n_bytes, bool is_cut)
{
    if (records->settled != FEED_OK || n_bytes == 0)
        return records->settled;
    records->lost.is_cut = is_cut;
    if (!records->is_searching && records->kept.len >= RECORD_HEADER_BYTES)
        lose_kept(records);
    if (n_bytes <= records->left_bytes) {
        records->left_bytes -= n_bytes;
        return FEED_OK;
    }
    lose(records, n_bytes - records->left_bytes + records->kept.len);
    records->left_bytes = 0;
    buf_clear(&records->kept);
    begin_search(records);
    return FEED_OK;
}

bool records_take_lost(struct records *records, struct record_loss *lost)
{
    *lost = records->lost;
    if (records->is_searching || records->left_bytes > 0 || lost->n_records == 0)
        return false;
    records->lost = (struct record_loss){0};
    return true;
}

bool records_is_behind_hole(const struct records *records)
{
    return records->is_searching && records->kept.len == 0;
}

struct record_loss records_lost(const struct records *records)
{
    struct record_loss lost = records->lost;
    if (records->kept.len > 0) {
        lost.n_bytes += records->kept.len;
        lost.n_records = 0;
    }
    return lost;
}

size_t records_buffered_bytes(const struct records *records)
{
    return records->kept.capacity_bytes;
}

void records_free(struct records *records)
{
    buf_free(&records->kept);
}
