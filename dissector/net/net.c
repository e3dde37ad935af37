/* A frame comes in, its headers are peeled one by one, and what is left is a segment or a count.
 * No header is read here: that is in link.c, ethertype.c, ip.c and segment.c. */
#include "dissector/net/net.h"

#include "dissector/net/layer.h"

enum {
    LAYERS_MAX = 32, /* an honest frame has fewer than 15, tunnel in tunnel included */
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

static enum layer_verdict peel(struct inner *inner)
{
    for (int depth = 0; depth < LAYERS_MAX; depth++) {
        enum layer_verdict verdict = inner->layer->undo(inner);
        if (verdict != LAYER_NEXT)
            return verdict;
    }
    return LAYER_MALFORMED;
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
    case LAYER_NOT_IP:
        stats->n_not_ip++;
        break;
    case LAYER_NOT_TCP:
        stats->n_not_tcp++;
        break;
    case LAYER_MALFORMED:
        stats->n_malformed++;
        break;
    }
}

void net_init(struct net *net, const struct limits *limits, struct segment_sink sink)
{
    *net = (struct net){.limits = limits, .sink = sink};
    fragments_init(&net->fragments, limits);
}

enum feed net_feed(struct net *net, uint32_t linktype, struct span frame, uint32_t wire_len,
                   const struct origin *origin)
{
    net->stats.n_frames++;
    net->stats.n_bytes += wire_len > frame.len ? wire_len : frame.len;
    const struct link_type *link = link_find(linktype);
    if (!link) {
        net->stats.n_unknown_link++;
        return FEED_OK;
    }
    struct inner inner = {
        .net = net, .bytes = frame, .layer = link->layer, .segment.origin = *origin};
    if (wire_len > frame.len && frame.len < FRAME_BYTES_MAX) {
        size_t believed_len = wire_len < FRAME_BYTES_MAX ? wire_len : FRAME_BYTES_MAX;
        inner.cut_bytes = (uint32_t)(believed_len - frame.len);
        inner.is_cut = true;
    }
    enum layer_verdict verdict = peel(&inner);
    count(&net->stats, verdict);
    net->stats.n_cut += inner.is_cut;
    net->stats.datagrams = net->fragments.stats;
    enum feed answer = FEED_OK;
    if (verdict == LAYER_SEGMENT)
        answer = net->sink.segment(net->sink.ctx, &inner.segment);
    if (inner.has_whole)
        fragments_release(&net->fragments);
    return answer == FEED_NOMEM ? FEED_NOMEM : FEED_OK;
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
