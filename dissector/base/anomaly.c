/* Names of the anomalies, and making one with a printable text. */
#include "dissector/base/anomaly.h"

#include "dissector/base/text.h"

#include <assert.h>

static const char *const kind_names[ANOMALY_N] = {
    [ANOMALY_CAPTURE_GAP] = "capture-gap",
    [ANOMALY_SNAPLEN] = "snaplen",
    [ANOMALY_JOINED_MIDWAY] = "joined-midway",
    [ANOMALY_EVICTED] = "evicted",
    [ANOMALY_OVERLAP_CONFLICT] = "overlap-conflict",
    [ANOMALY_TLS_RECORD] = "tls-record",
    [ANOMALY_START_LINE] = "start-line",
    [ANOMALY_FIELD_LINE] = "field-line",
    [ANOMALY_OBS_FOLD] = "obs-fold",
    [ANOMALY_BARE_LF] = "bare-lf",
    [ANOMALY_LENGTH_CONFLICT] = "length-conflict",
    [ANOMALY_CHUNK] = "chunk",
    [ANOMALY_TRUNCATED] = "truncated",
    [ANOMALY_UNPAIRED] = "unpaired",
    [ANOMALY_HTTP2_FRAME] = "h2-frame",
    [ANOMALY_HPACK] = "hpack",
    [ANOMALY_LIMIT] = "limit",
    [ANOMALY_CODING_UNKNOWN] = "coding-unknown",
    [ANOMALY_CODING_UNLABELLED] = "coding-unlabelled",
    [ANOMALY_CODING_MISLABELLED] = "coding-mislabelled",
    [ANOMALY_CODING_DAMAGED] = "coding-damaged",
    [ANOMALY_CODING_TRAILING] = "coding-trailing",
    [ANOMALY_XML_MALFORMED] = "xml-malformed",
    [ANOMALY_XML_NAMESPACE] = "xml-namespace",
    [ANOMALY_XML_DTD] = "xml-dtd",
    [ANOMALY_XML_ENCODING] = "xml-encoding",
    [ANOMALY_XML_EXTRA] = "xml-extra",
    [ANOMALY_JSON_MALFORMED] = "json-malformed",
};

const char *anomaly_name(enum anomaly_kind kind)
{
    assert((unsigned)kind < ANOMALY_N);
    return kind_names[kind];
}

struct anomaly anomaly_make(enum anomaly_kind kind, const struct origin *origin, uint64_t n_bytes,
                            const char *text)
{
    struct anomaly made = {.kind = kind, .origin = *origin, .n_bytes = n_bytes};
    text_printable(made.text, sizeof made.text, span_str(text));
    return made;
}
