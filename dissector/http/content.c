/* The bytes of a body in, its content out, through a chain of layers. A layer keeps the first few
 * bytes it is fed until it can tell by them and by the last label not yet taken what it is: a
 * coding, which feeds a layer of its own, or the innermost, which passes bytes on as they are. So
 * labels that say too much, too little or the wrong thing all end in the right chain. Bytes behind
 * the end of the coded content are counted and otherwise ignored. */
#include "dissector/http/content.h"

#include "dissector/base/text.h"

#include <stdlib.h>

/* A span of the wire is decoded in slices, so that a blow-up is seen early. */
enum { SLICE_BYTES = 4096 };

struct content_layer {
    struct content *content;
    const struct coding *coding; /* NULL: not settled, or the innermost */
    void *state;
    struct content_layer *inner; /* fed with what the coding decodes */
    uint64_t fed_bytes, trailing_bytes;
    bool is_settled, has_ended;
    size_t start_len;
    uint8_t start[CODING_START_BYTES];
};

static void note(struct content *content, enum anomaly_kind kind, const char *text,
                 const struct origin *origin)
{
    struct anomaly anomaly = anomaly_make(kind, origin, 0, text);
    anomaly.has_offset = true;
    anomaly.offset = content->decoded_bytes;
    content->sink.note(content->sink.ctx, &anomaly);
}

/* A text of a name, that may come from the wire, and a few words on it. */
static const char *describe(char text[ANOMALY_TEXT_BYTES], struct span name, const char *words)
{
    text_printable(text, ANOMALY_TEXT_BYTES / 2, name);
    size_t len = strlen(text);
    text_printable(text + len, ANOMALY_TEXT_BYTES - len, span_str(words));
    return text;
}

static enum feed stop_at_limit(struct content *content, const char *limit,
                               const struct origin *origin)
{
    note(content, ANOMALY_LIMIT, limit, origin);
    content->is_damaged = true;
    return FEED_STOP;
}

/* Takes the last label that is left, without parameters and quotes; empty when there is none.
 * "identity" says nothing and is passed over. */
static struct span pop_label(struct content *content)
{
    struct span *left = &content->labels_left;
    while (left->len > 0) {
        size_t at = left->len;
        while (at > 0 && left->ptr[at - 1] != ',')
            at--;
        struct span label = span_after(*left, at);
        *left = span_first(*left, at > 0 ? at - 1 : 0);
        label = span_trim(span_first(label, span_find_byte(label, ';')));
        if (label.len >= 2 && label.ptr[0] == '"' && label.ptr[label.len - 1] == '"')
            label = span_trim(span_first(span_after(label, 1), label.len - 2));
        if (label.len > 0 && !span_equal_nocase(label, span_str("identity")))
            return label;
    }
    return span_of(NULL, 0);
}

static struct content_layer *layer_new(struct content *content)
{
    struct content_layer *layer = calloc(1, sizeof *layer);
    if (layer)
        layer->content = content;
    return layer;
}

static void layer_free(struct content_layer *layer)
{
    if (layer->coding)
        layer->coding->free(layer->state);
    free(layer->state);
    free(layer);
}

static enum feed layer_open(struct content_layer *layer, const struct coding *coding,
                            const struct origin *origin)
{
    struct content *content = layer->content;
    if (content->n_codings >= content->limits->max_codings)
        return stop_at_limit(content, "max_codings", origin);
    content->n_codings++;
    layer->state = calloc(1, coding->state_bytes);
    layer->inner = layer_new(content);
    if (!layer->state || !layer->inner)
        return FEED_NOMEM;
    layer->coding = coding;
    return coding->init(layer->state) == CODING_OK ? FEED_OK : FEED_NOMEM;
}

static enum feed stop_at_unknown(struct content *content, struct span label,
                                 const struct origin *origin)
{
    text_printable(content->unknown, sizeof content->unknown, label);
    note(content, ANOMALY_CODING_UNKNOWN, content->unknown, origin);
    content->is_damaged = true;
    return FEED_STOP;
}

/* Whether bytes with this sign of the labelled coding are plain. A coding that may begin with
 * anything is doubted only when a whole start reads like that of a document. */
static bool looks_plain(enum coding_sign sign, struct span start)
{
    if (sign == CODING_NOT)
        return coding_is_text(start);
    return start.len == CODING_START_BYTES && coding_is_markup(start);
}

/* The label is believed unless the bytes cannot be what it says, or certainly are something else.
 */
static enum feed settle_labelled(struct content_layer *layer, struct span label, struct span start,
                                 const struct origin *origin)
{
    struct content *content = layer->content;
    const struct coding *coding = coding_find(label);
    enum coding_sign sign = coding ? coding->sign(start) : CODING_MAYBE;
    if (sign >= CODING_LIKELY)
        return layer_open(layer, coding, origin);
    char text[ANOMALY_TEXT_BYTES];
    const struct coding *real = coding_recognise(start, CODING_SURE);
    if (!real && looks_plain(sign, start)) {
        note(content, ANOMALY_CODING_MISLABELLED, describe(text, label, " label on plain content"),
             origin);
        return FEED_OK;
    }
    if (!real && sign == CODING_NOT)
        real = coding_recognise(start, CODING_LIKELY);
    if (!real)
        return coding ? layer_open(layer, coding, origin) : stop_at_unknown(content, label, origin);
    char words[ANOMALY_TEXT_BYTES / 2] = " label on ";
    text_printable(words + strlen(words), sizeof words - strlen(words), span_str(real->names[0]));
    note(content, ANOMALY_CODING_MISLABELLED, describe(text, label, words), origin);
    return layer_open(layer, real, origin);
}

/* Decides by the first bytes what the layer is. */
static enum feed settle(struct content_layer *layer, struct span start, const struct origin *origin)
{
    struct content *content = layer->content;
    layer->is_settled = true;
    struct span label = pop_label(content);
    if (label.len > 0)
        return settle_labelled(layer, label, start, origin);
    const struct coding *real = coding_recognise(start, CODING_SURE);
    if (!real)
        return FEED_OK;
    note(content, ANOMALY_CODING_UNLABELLED, real->names[0], origin);
    return layer_open(layer, real, origin);
}

/* Whether the layer has to settle with what it has: no more can come. */
static bool is_last_chance(const struct content *content)
{
    return content->has_gap || content->has_ended;
}

/* The first bytes of a layer once there are enough, empty before. Leaves the rest in *bytes. */
static struct span gather(struct content_layer *layer, struct span *bytes)
{
    struct span first = *bytes;
    if (layer->start_len == 0 && bytes->len >= CODING_START_BYTES) {
        *bytes = span_of(NULL, 0);
        return first;
    }
    first = span_first(first, CODING_START_BYTES - layer->start_len);
    if (first.len > 0)
        memcpy(layer->start + layer->start_len, first.ptr, first.len);
    layer->start_len += first.len;
    *bytes = span_after(*bytes, first.len);
    bool is_enough = layer->start_len == CODING_START_BYTES || is_last_chance(layer->content);
    return span_of(layer->start, is_enough ? layer->start_len : 0);
}

/* What of the bytes the layer may be fed, and in *limit the name of the limit that is met. */
static struct span admit(struct content_layer *layer, struct span bytes, const char **limit)
{
    const struct limits *limits = layer->content->limits;
    uint64_t left_bytes = limits->max_decoded_bytes - layer->fed_bytes;
    if (bytes.len > left_bytes) {
        *limit = "max_decoded_bytes";
        bytes = span_first(bytes, (size_t)left_bytes);
    }
    layer->fed_bytes += bytes.len;
    if (layer->fed_bytes > limits->blowup_free_bytes &&
        layer->fed_bytes / layer->content->coded_bytes > limits->max_blowup_ratio)
        *limit = "max_blowup_ratio";
    return bytes;
}

/* Feeds a settled layer. */
static enum feed layer_decode(struct content_layer *layer, struct span bytes,
                              struct coding_sink inner, const struct origin *origin)
{
    struct content *content = layer->content;
    enum coding_result result = CODING_END;
    char text[ANOMALY_TEXT_BYTES];
    if (bytes.len == 0)
        return FEED_OK;
    if (!layer->coding) {
        content->decoded_bytes += bytes.len;
        return content->sink.bytes(content->sink.ctx, bytes, origin);
    }
    if (!layer->has_ended)
        result = layer->coding->feed(layer->state, &bytes, inner, origin);
    switch (result) {
    case CODING_OK:
        return FEED_OK;
    case CODING_END:
        layer->has_ended = true;
        layer->trailing_bytes += bytes.len;
        return FEED_OK;
    case CODING_DAMAGED:
        note(content, ANOMALY_CODING_DAMAGED,
             describe(text, span_str(layer->coding->names[0]), " is corrupt"), origin);
        content->is_damaged = true;
        return FEED_STOP;
    case CODING_STOP:
        return FEED_STOP;
    case CODING_NOMEM:
        break;
    }
    return FEED_NOMEM;
}

/* Takes bytes for the layer ctx; the decoded callback of the layer around it. */
static enum feed layer_feed(void *ctx, struct span bytes, const struct origin *origin)
{
    struct content_layer *layer = ctx;
    enum feed answer = FEED_OK;
    const char *limit = NULL;
    bytes = admit(layer, bytes, &limit);
    if (!layer->is_settled) {
        struct span first = gather(layer, &bytes);
        if (first.len > 0)
            answer = settle(layer, span_first(first, CODING_START_BYTES), origin);
        if (answer == FEED_OK)
            answer =
                layer_decode(layer, first, (struct coding_sink){layer_feed, layer->inner}, origin);
    }
    if (answer == FEED_OK)
        answer = layer_decode(layer, bytes, (struct coding_sink){layer_feed, layer->inner}, origin);
    if (answer == FEED_OK && limit)
        answer = stop_at_limit(layer->content, limit, origin);
    return answer;
}

/* Makes every layer settle with what it has. The coding of one feeds the next. */
static void flush(struct content *content, const struct origin *origin)
{
    struct content_layer *layer = content->layers;
    for (; layer && content->result == FEED_OK; layer = layer->inner) {
        if (!layer->is_settled)
            content->result = layer_feed(layer, span_of(NULL, 0), origin);
    }
}

/* After the last byte: what each coding says of its end. Whoever wanted no more of the content has
 * not let it come there. */
static void judge_end(struct content_layer *layer, enum end why, const struct origin *origin)
{
    struct content *content = layer->content;
    if (!layer->coding)
        return;
    char text[ANOMALY_TEXT_BYTES];
    struct span name = span_str(layer->coding->names[0]);
    bool is_left = content->result == FEED_STOP && !content->is_damaged;
    if (!is_left && !layer->coding->is_whole(layer->state)) {
        bool is_noted = content->is_damaged || content->has_gap;
        if (!is_noted && why == END_COMPLETE)
            note(content, ANOMALY_CODING_DAMAGED, describe(text, name, " ends too early"), origin);
        content->is_damaged = true;
    }
    if (layer->trailing_bytes > 0) {
        struct anomaly anomaly = anomaly_make(ANOMALY_CODING_TRAILING, origin,
                                              layer->trailing_bytes, layer->coding->names[0]);
        content->sink.note(content->sink.ctx, &anomaly);
    }
}

enum feed content_init(struct content *content, const struct limits *limits, struct span encoding,
                       struct content_sink sink)
{
    *content = (struct content){.limits = limits, .sink = sink};
    buf_init(&content->labels, encoding.len);
    content->layers = layer_new(content);
    if (!content->layers || buf_append(&content->labels, encoding) != BUF_OK)
        content->result = FEED_NOMEM;
    content->labels_left = buf_span(&content->labels);
    return content->result;
}

enum feed content_feed(struct content *content, struct span bytes, const struct origin *origin)
{
    while (bytes.len > 0 && content->result == FEED_OK && !content->has_ended) {
        bool is_plain = content->layers->is_settled && !content->layers->coding;
        struct span slice = is_plain ? bytes : span_first(bytes, SLICE_BYTES);
        content->coded_bytes += slice.len;
        content->result = layer_feed(content->layers, slice, origin);
        bytes = span_after(bytes, slice.len);
    }
    return content->result;
}

enum feed content_gap(struct content *content, const struct origin *origin)
{
    if (content->result != FEED_OK || content->has_ended)
        return content->result;
    content->has_gap = true;
    flush(content, origin);
    struct content_layer *outermost = content->layers;
    bool is_coded = outermost->coding || (!outermost->is_settled && pop_label(content).len > 0);
    outermost->is_settled = true; /* behind a hole no first bytes come */
    if (is_coded && content->result == FEED_OK) {
        content->is_damaged = true;
        content->result = FEED_STOP;
    }
    return content->result;
}

enum feed content_finish(struct content *content, enum end why, const struct origin *origin)
{
    if (content->has_ended || content->result == FEED_NOMEM)
        return content->result;
    content->has_ended = true;
    flush(content, origin);
    for (struct content_layer *layer = content->layers; layer; layer = layer->inner)
        judge_end(layer, why, origin);
    return content->result;
}

const char *content_unknown(const struct content *content)
{
    return content->unknown[0] ? content->unknown : NULL;
}

bool content_is_whole(const struct content *content)
{
    return content->has_ended && content->result != FEED_NOMEM && !content->is_damaged;
}

size_t content_buffered_bytes(const struct content *content)
{
    size_t n_bytes = content->labels.capacity_bytes;
    for (const struct content_layer *layer = content->layers; layer; layer = layer->inner) {
        n_bytes += sizeof *layer;
        if (layer->coding)
            n_bytes += layer->coding->state_bytes + layer->coding->library_bytes(layer->state);
    }
    return n_bytes;
}

void content_free(struct content *content)
{
    while (content->layers) {
        struct content_layer *layer = content->layers;
        content->layers = layer->inner;
        layer_free(layer);
    }
    buf_free(&content->labels);
}

const char *content_coding_name(size_t i)
{
    const struct coding *coding = coding_at(i);
    return coding ? coding->names[0] : NULL;
}
