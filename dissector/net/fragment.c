/* A datagram is a buffer, as long as what came of it reaches, and a bit for each block of 8 bytes,
 * the unit of fragment offsets. */
#include "dissector/net/fragment.h"

#include "dissector/base/buf.h"

#include <stdlib.h>

enum {
    BLOCK_BYTES = 8,
    PAYLOAD_BYTES_MAX = 65535,
    BLOCKS_MAX = (PAYLOAD_BYTES_MAX + BLOCK_BYTES - 1) / BLOCK_BYTES,
};

/* A copy of the last fragment arrives within this; a busy host uses the same id again later. */
#define COPIES_NS SECOND_NS

enum state {
    WAITING,
    WHOLE,       /* handed out until the next release */
    RELEASED,    /* copies of it are ignored */
    OVERLAPPING, /* what still comes of it is ignored */
};

struct datagram {
    struct datagram *older;
    struct fragment key; /* the first fragment seen */
    enum state state;
    uint32_t len;    /* of the payload; 0 = the last fragment was not seen */
    uint32_t cut_at; /* what the snap length left goes up to here */
    size_t n_blocks;
    struct buf bytes; /* those between fragments have no value; none unless waiting or whole */
    uint8_t blocks[BLOCKS_MAX / 8 + 1];
    struct fragment_frames frames;
};

static bool address_equal(const struct address *a, const struct address *b)
{
    return a->version == b->version && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static bool is_same(const struct fragment *a, const struct fragment *b)
{
    return a->id == b->id && a->protocol == b->protocol && address_equal(&a->source, &b->source) &&
           address_equal(&a->destination, &b->destination);
}

static bool is_outdated(const struct fragments *fragments, const struct datagram *datagram,
                        int64_t now_ns)
{
    int64_t life_ns = datagram->state == RELEASED ? COPIES_NS : fragments->limits->fragment_ns;
    return origin_has_passed(datagram->key.time_ns, now_ns, life_ns + 1);
}

static void give_up(struct fragments *fragments, struct datagram **link)
{
    struct datagram *datagram = *link;
    *link = datagram->older;
    fragments->n_datagrams--;
    fragments->stats.n_incomplete += datagram->state == WAITING;
    buf_free(&datagram->bytes);
    free(datagram);
}

/* Drops what is outdated, and the oldest beyond the limit. Not while a payload is handed out. */
static void tidy(struct fragments *fragments, int64_t now_ns)
{
    size_t n_kept = 0;
    struct datagram **link = &fragments->newest;
    while (*link) {
        bool is_kept = (*link)->state == WHOLE;
        if (!is_kept && (is_outdated(fragments, *link, now_ns) ||
                         n_kept >= fragments->limits->max_fragmented)) {
            give_up(fragments, link);
            continue;
        }
        n_kept++;
        link = &(*link)->older;
    }
}

static struct datagram *find(struct fragments *fragments, const struct fragment *fragment)
{
    struct datagram *datagram = fragments->newest;
    while (datagram && !is_same(&datagram->key, fragment))
        datagram = datagram->older;
    return datagram;
}

static struct datagram **link_of(struct fragments *fragments, const struct datagram *datagram)
{
    struct datagram **link = &fragments->newest;
    while (*link != datagram)
        link = &(*link)->older;
    return link;
}

static struct datagram *begin(struct fragments *fragments, const struct fragment *fragment)
{
    struct datagram *datagram = calloc(1, sizeof *datagram);
    if (!datagram) {
        fragments->stats.n_incomplete++;
        return NULL;
    }
    datagram->key = *fragment;
    buf_init(&datagram->bytes, PAYLOAD_BYTES_MAX);
    datagram->cut_at = PAYLOAD_BYTES_MAX;
    datagram->older = fragments->newest;
    fragments->newest = datagram;
    fragments->n_datagrams++;
    return datagram;
}

static bool has_block(const struct datagram *datagram, size_t block)
{
    return datagram->blocks[block / 8] >> block % 8 & 1;
}

/* How many of the blocks from first up to end came before. */
static size_t count_known(const struct datagram *datagram, size_t first, size_t end)
{
    size_t n_known = 0;
    for (size_t block = first; block < end; block++)
        n_known += has_block(datagram, block);
    return n_known;
}

/* Whether a fragment, all of whose blocks came before, is a copy of what came; behind a cut there
 * is nothing to compare with. */
static bool is_copy(const struct datagram *datagram, const struct fragment *fragment, uint32_t end)
{
    bool is_end = datagram->len != 0 && end == datagram->len;
    size_t n_seen = datagram->cut_at > fragment->at ? datagram->cut_at - fragment->at : 0;
    struct span bytes = span_first(fragment->bytes, n_seen);
    struct span known = span_first(span_after(buf_span(&datagram->bytes), fragment->at), bytes.len);
    return fragment->is_last == is_end && span_equal(known, bytes);
}

/* Whether the fragment says where the datagram ends otherwise than what came before. */
static bool contradicts_length(const struct datagram *datagram, const struct fragment *fragment,
                               uint32_t end)
{
    if (datagram->len != 0)
        return end > datagram->len || (fragment->is_last && end != datagram->len);
    size_t block = (end + BLOCK_BYTES - 1) / BLOCK_BYTES;
    return fragment->is_last && count_known(datagram, block, BLOCKS_MAX) > 0;
}

/* False: no memory. */
static bool put_bytes(struct buf *bytes, const struct fragment *fragment)
{
    size_t end = fragment->at + fragment->bytes.len;
    if (fragment->bytes.len == 0)
        return true;
    if (end > bytes->len && buf_reserve(bytes, end - bytes->len) != BUF_OK)
        return false;
    memcpy(bytes->ptr + fragment->at, fragment->bytes.ptr, fragment->bytes.len);
    bytes->len = end > bytes->len ? end : bytes->len;
    return true;
}

static void note(struct datagram *datagram, const struct fragment *fragment, uint32_t end)
{
    for (size_t block = fragment->at / BLOCK_BYTES; block * BLOCK_BYTES < end; block++) {
        datagram->blocks[block / 8] |= (uint8_t)(1u << block % 8);
        datagram->n_blocks++;
    }
    if (datagram->frames.n < FRAGMENT_MAX_FRAMES)
        datagram->frames.ordinals[datagram->frames.n++] = fragment->ordinal;
    uint32_t stop = fragment->at + (uint32_t)fragment->bytes.len;
    if (fragment->cut_bytes > 0 && stop < datagram->cut_at)
        datagram->cut_at = stop;
    if (fragment->is_last)
        datagram->len = end;
}

static bool is_whole(const struct datagram *datagram)
{
    return datagram->len != 0 &&
           datagram->n_blocks == (datagram->len + BLOCK_BYTES - 1) / BLOCK_BYTES;
}

void fragments_init(struct fragments *fragments, const struct limits *limits)
{
    *fragments = (struct fragments){.limits = limits};
}

bool fragments_add(struct fragments *fragments, const struct fragment *fragment,
                   struct fragment_whole *whole)
{
    uint64_t end64 = (uint64_t)fragment->at + fragment->bytes.len + fragment->cut_bytes;
    uint32_t end = (uint32_t)end64;
    bool is_uneven = !fragment->is_last && end64 % BLOCK_BYTES != 0;
    if (is_uneven || end64 == fragment->at || end64 > PAYLOAD_BYTES_MAX)
        return false;
    tidy(fragments, fragment->time_ns);
    struct datagram *datagram = find(fragments, fragment);
    if (!datagram)
        datagram = begin(fragments, fragment);
    if (!datagram || datagram->state != WAITING)
        return false;
    size_t first = fragment->at / BLOCK_BYTES, last = (end - 1) / BLOCK_BYTES;
    size_t n_known = count_known(datagram, first, last + 1);
    if (n_known == last + 1 - first && is_copy(datagram, fragment, end))
        return false;
    if (n_known > 0 || contradicts_length(datagram, fragment, end)) {
        datagram->state = OVERLAPPING;
        buf_free(&datagram->bytes);
        fragments->stats.n_overlapping++;
        return false;
    }
    if (!put_bytes(&datagram->bytes, fragment)) {
        give_up(fragments, link_of(fragments, datagram));
        return false;
    }
    note(datagram, fragment, end);
    if (!is_whole(datagram))
        return false;
    datagram->state = WHOLE;
    datagram->key.time_ns = fragment->time_ns;
    fragments->stats.n_whole++;
    uint32_t len = datagram->len < datagram->cut_at ? datagram->len : datagram->cut_at;
    *whole = (struct fragment_whole){
        .payload = span_first(buf_span(&datagram->bytes), len),
        .cut_bytes = datagram->len - len,
        .frames = &datagram->frames,
    };
    return true;
}

void fragments_release(struct fragments *fragments)
{
    for (struct datagram *datagram = fragments->newest; datagram; datagram = datagram->older)
        if (datagram->state == WHOLE) {
            datagram->state = RELEASED;
            buf_free(&datagram->bytes);
        }
}

size_t fragments_buffered_bytes(const struct fragments *fragments)
{
    size_t n_bytes = fragments->n_datagrams * sizeof(struct datagram);
    for (const struct datagram *datagram = fragments->newest; datagram; datagram = datagram->older)
        n_bytes += datagram->bytes.capacity_bytes;
    return n_bytes;
}

void fragments_free(struct fragments *fragments)
{
    while (fragments->newest)
        give_up(fragments, &fragments->newest);
}
