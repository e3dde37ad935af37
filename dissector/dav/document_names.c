/* The names of verdicts, formats and flags in output. */
#include "dissector/dav/document.h"

#include <assert.h>

static const char *const verdict_names[VERDICT_N] = {
    [VERDICT_ALL_OK] = "all-ok",           [VERDICT_MIXED] = "mixed",
    [VERDICT_ALL_FAILED] = "all-failed",   [VERDICT_EMPTY] = "empty",
    [VERDICT_UNDECODABLE] = "undecodable", [VERDICT_INCOMPLETE] = "incomplete",
};

static const char *const format_names[FORMAT_N] = {
    [FORMAT_XML] = "xml",   [FORMAT_JSON] = "json",   [FORMAT_MULTIPART] = "multipart",
    [FORMAT_HTML] = "html", [FORMAT_EMPTY] = "empty", [FORMAT_OTHER] = "other",
};

static const char *const flag_names[DOCUMENT_FLAG_N] = {
    "truncated",   "ns-broken",       "token-missing", "contradiction",
    "duplicates",  "unknown",         "wrapped",       "207-unexpected",
    "unusual",     "outcome-unknown", "cut",           "missing",
    "unsolicited", "href-drift",      "slash-drift",   "encoding-drift",
    "nfc-nfd",     "double-encoded",  "double-slash",  "proxy-rewrite",
    "case-drift",
};

const char *verdict_name(enum verdict verdict)
{
    assert((unsigned)verdict < VERDICT_N);
    return verdict_names[verdict];
}

const char *format_name(enum format format)
{
    assert((unsigned)format < FORMAT_N);
    return format_names[format];
}

const char *document_flag_name(unsigned i)
{
    assert(i < DOCUMENT_FLAG_N);
    return flag_names[i];
}
