/* A frame comes in, its headers are peeled one by one, and what is left is a segment or a count.
 * No header is read here: each has its own file, or that of its family. */
#include "dissector/net/net.h"

#include "dissector/net/layer.h"

enum {
    FRAME_BYTES_MAX = 1024 * 1024, /* segmentation offload hands over at most 512 KiB */
};

bool inner_advance(struct inner *inner, size_t n)
{
    if (n > inner->bytes.len)
        return false;
    inner->bytes = span_after(inner->bytes, n);
    return true;
}

void inner_trim(struct inner *inner, size_t len)
{
    if (len <= inner->bytes.len) {
        inner->bytes = span_first(inner->bytes, len);
        inner->cut_bytes = 0;
    } else if (len - inner->bytes.len < inner->cut_bytes) {
        inner->cut_bytes = (uint32_t)(len - inner->bytes.len);
    }
}

void inner_claim(struct inner *inner, size_t len)
{
    inner_trim(inner, len);
    size_t had = inner->bytes.len + inner->cut_bytes;
    if (len > had) {
        inner->cut_bytes += (uint32_t)(len - had);
        inner->is_cut = true;
    }
}

enum layer_verdict inner_goto(struct inner *inner, const struct layer *layer,
                              enum layer_verdict otherwise)
{
    inner->layer = layer;
    return layer ? LAYER_NEXT : otherwise;
}

const struct layer *layer_find(const struct layer_row *rows, size_t n_rows, uint32_t number)
{
    for (size_t i = 0; i < n_rows; i++)
        if (rows[i].number == number)
            return rows[i].layer;
    return NULL;
}

static enum layer_verdict peel(struct inner *inner)
{
    enum layer_verdict verdict = LAYER_NEXT;
    size_t n_left = inner->net->limits->max_layers;
    while (verdict == LAYER_NEXT && n_left-- > 0)
        verdict = inner->layer->undo(inner);
    return verdict == LAYER_NEXT ? LAYER_TOO_DEEP : verdict;
}

static void count(struct net_stats *stats, enum layer_verdict verdict)
{
    switch (verdict) {
    case LAYER_NEXT:
    case LAYER_FRAGMENT:
        break;
    case LAYER_SEGMENT:
        stats->n_segments++;
        break;
    case LAYER_DATAGRAM:
        stats->n_quic++;
        break;
    case LAYER_NOT_IP:
        stats->n_not_ip++;
        break;
    case LAYER_NOT_TCP:
        stats->n_not_tcp++;
        break;
    case LAYER_PROTECTED:
        stats->n_protected++;
        break;
    case LAYER_MALFORMED:
        stats->n_malformed++;
        break;
    case LAYER_TOO_DEEP:
        stats->n_too_deep++;
        break;
    }
}

static void count_unread(struct net_stats *stats, uint32_t linktype)
{
    stats->n_unknown_link++;
    for (size_t i = 0; i < NET_UNREAD_LINKS; i++) {
        struct net_unread_link *link = &stats->unread_links[i];
        if (link->n_frames == 0)
            link->linktype = linktype;
        if (link->linktype == linktype) {
            link->n_frames++;
            return;
        }
    }
}

/* Ends with a verdict, or after peeling what is in front. */
static enum feed finish(struct inner *inner, enum layer_verdict verdict)
{
    struct net *net = inner->net;
    enum feed answer = FEED_OK;
    if (verdict == LAYER_NEXT)
        verdict = peel(inner);
    count(&net->stats, verdict);
    if (verdict == LAYER_SEGMENT || verdict == LAYER_DATAGRAM)
        answer = net->sink.segment(net->sink.ctx, &inner->segment);
    if (inner->has_whole)
        fragments_release(&net->fragments);
    inner->has_whole = false;
    inner->segment.frames = NULL;
    inner->segment.n_frames = 0;
    return answer;
}

/* Goes on with what stands behind an aggregated frame. */
static void take_rest(struct inner *inner)
{
    inner->bytes = inner->rest.bytes;
    inner->cut_bytes = inner->rest.cut_bytes;
    inner->layer = inner->rest.layer;
    inner->rest = (struct rest){.layer = NULL};
}

void net_init(struct net *net, const struct limits *limits, struct segment_sink sink)
{
    *net = (struct net){.limits = limits, .sink = sink};
    fragments_init(&net->fragments, limits);
}

/* Undoes what is around the segments of a frame layer by layer. */
static enum feed undo_layers(struct net *net, uint32_t linktype, struct span frame,
                             uint32_t wire_len, const struct origin *origin)
{
    const struct link_type *link = link_find(linktype);
    if (!link) {
        count_unread(&net->stats, linktype);
        return FEED_OK;
    }
    struct inner inner = {.net = net, .bytes = frame, .segment.origin = *origin};
    if (wire_len > frame.len && frame.len < FRAME_BYTES_MAX) {
        size_t believed_len = wire_len < FRAME_BYTES_MAX ? wire_len : FRAME_BYTES_MAX;
        inner.cut_bytes = (uint32_t)(believed_len - frame.len);
        inner.is_cut = true;
    }
    enum feed answer = finish(&inner, link_goto(&inner, link));
    while (answer != FEED_NOMEM && inner.rest.layer) {
        take_rest(&inner);
        answer = finish(&inner, LAYER_NEXT);
    }
    net->stats.n_cut += inner.is_cut;
    net->stats.datagrams = net->fragments.stats;
    return answer == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
}

enum feed net_feed(struct net *net, uint32_t linktype, struct span frame, uint32_t wire_len,
                   const struct origin *origin)
{
    net->stats.n_frames++;
    net->stats.n_bytes += wire_len > frame.len ? wire_len : frame.len;
    if (linktype == LINKTYPE_ETHERNET && wire_len <= frame.len) {
        struct segment segment = {.origin = *origin};
        if (straight_segment(frame, &segment)) {
            net->stats.n_segments++;
            enum feed answer = net->sink.segment(net->sink.ctx, &segment);
            return answer == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
        }
    }
    return undo_layers(net, linktype, frame, wire_len, origin);
}

const struct net_stats *net_stats(const struct net *net)
{
    return &net->stats;
}

size_t net_buffered_bytes(const struct net *net)
{
    return fragments_buffered_bytes(&net->fragments);
}

void net_free(struct net *net)
{
    fragments_free(&net->fragments);
}

const char *net_link_name(uint32_t linktype)
{
    const struct link_type *link = link_find(linktype);
    return link ? link->name : NULL;
}
