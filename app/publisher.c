/* Joins the metrics of output/ with its endpoint; see publisher.h. */
#include "app/publisher.h"

#include "app/build_info.h"
#include "capture/now.h"

/* More than all label sets together can fill. */
#define MAX_TEXT_BYTES ((size_t)16 << 20)

static const int64_t interval_ns = SECOND_NS;

bool publisher_open(struct publisher *publisher, const char *place, struct error *error)
{
    if (!place)
        return true;
    publisher->exporter = exporter_open(place, error);
    writer_init_memory(&publisher->writer, MAX_TEXT_BYTES);
    return publisher->exporter != NULL;
}

bool publisher_is_due(const struct publisher *publisher)
{
    return publisher->exporter && now_ns(CLOCK_MONOTONIC) >= publisher->next_ns;
}

void publisher_publish(struct publisher *publisher, const struct output *output,
                       const struct run_facts *facts)
{
    static const struct metrics_build build = {
        .version = BUILD_VERSION,
        .libpcap = BUILD_LIBPCAP_VERSION,
        .libxml2 = BUILD_LIBXML2_VERSION,
        .zlib = BUILD_ZLIB_VERSION,
    };
    publisher->next_ns = now_ns(CLOCK_MONOTONIC) + interval_ns;
    writer_clear(&publisher->writer);
    output_write_metrics(output, facts, &build, &publisher->writer);
    if (publisher->writer.error == 0)
        exporter_publish(publisher->exporter, writer_span(&publisher->writer));
}

void publisher_close(struct publisher *publisher)
{
    if (!publisher->exporter)
        return;
    exporter_close(publisher->exporter);
    (void)writer_close(&publisher->writer);
}
