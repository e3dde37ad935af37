/* Formats times by the civil calendar in UTC; see time_text.h. */
#include "output/time_text.h"

#include "dissector/base/origin.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

/* Whole seconds, rounded down also before 1970, and what is left of them. */
static struct tm split(int64_t time_ns, uint32_t *rest_ns)
{
    int64_t seconds = time_ns / SECOND_NS, rest = time_ns % SECOND_NS;
    if (rest < 0) {
        rest += SECOND_NS;
        seconds--;
    }
    *rest_ns = (uint32_t)rest;
    struct tm parts = {0};
    time_t time = (time_t)seconds;
    (void)gmtime_r(&time, &parts);
    return parts;
}

void time_text_iso(int64_t time_ns, unsigned n_digits, char out[TIME_TEXT_BYTES])
{
    uint32_t rest_ns;
    struct tm parts = split(time_ns, &rest_ns);
    size_t len = strftime(out, TIME_TEXT_BYTES, "%Y-%m-%dT%H:%M:%S", &parts);
    char digits[16];
    (void)snprintf(digits, sizeof digits, "%09" PRIu32, rest_ns);
    (void)snprintf(out + len, TIME_TEXT_BYTES - len, "%s%.*sZ", n_digits > 0 ? "." : "",
                   (int)n_digits, digits);
}

void time_text_date(int64_t time_ns, char out[TIME_TEXT_BYTES])
{
    uint32_t rest_ns;
    struct tm parts = split(time_ns, &rest_ns);
    if (strftime(out, TIME_TEXT_BYTES, "%Y-%m-%d %H:%M:%S", &parts) == 0)
        out[0] = '\0';
}

/* "12.3 ms": tenths below 100, whole numbers above. */
static void with_tenths(uint64_t tenths, const char *unit, char out[TIME_TEXT_BYTES])
{
    if (tenths < 1000 && tenths % 10 != 0)
        (void)snprintf(out, TIME_TEXT_BYTES, "%" PRIu64 ".%" PRIu64 " %s", tenths / 10, tenths % 10,
                       unit);
    else
        (void)snprintf(out, TIME_TEXT_BYTES, "%" PRIu64 " %s", tenths / 10, unit);
}

struct pair {
    uint64_t large_s, small_s; /* in seconds */
    const char *large, *small;
};

static const struct pair pairs[] = {
    {86400, 3600, "d", "h"},
    {3600, 60, "h", "min"},
    {60, 1, "min", "s"},
};

void time_text_duration(uint64_t duration_ns, char out[TIME_TEXT_BYTES])
{
    uint64_t seconds = duration_ns / (uint64_t)SECOND_NS;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (seconds < pairs[i].large_s)
            continue;
        (void)snprintf(out, TIME_TEXT_BYTES, "%" PRIu64 " %s %" PRIu64 " %s",
                       seconds / pairs[i].large_s, pairs[i].large,
                       seconds % pairs[i].large_s / pairs[i].small_s, pairs[i].small);
        return;
    }
    if (duration_ns >= (uint64_t)SECOND_NS)
        with_tenths(duration_ns / 100000000, "s", out);
    else if (duration_ns >= 1000000)
        with_tenths(duration_ns / 100000, "ms", out);
    else
        with_tenths(duration_ns / 100, "us", out);
}
