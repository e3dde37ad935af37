/* Frames and notices arrive, pieces of pcapng leave; see packets.h. */
#include "app/packets.h"

#include "app/build_info.h"
#include "app/options_check.h"

#include <inttypes.h>

static void put_blocks(void *ctx, struct span blocks)
{
    struct packets *packets = ctx;
    output_put_packets(packets->output, blocks);
}

bool packets_open(struct packets *packets, const struct options *options, struct error *error)
{
    packets->has_extract = options_have_packets(options);
    packets->is_live = options->n_interfaces > 0;
    if (!packets->has_extract && !options->record_folder)
        return true;
    pcapng_writer_init(&packets->extract, (struct pcapng_sink){put_blocks, packets});
    packets->ring = frame_ring_open(options->record_bytes);
    return packets->ring ||
           error_set(error, "no memory for %zu bytes of packets", options->record_bytes);
}

/* ---- one exchange ---- */

static uint64_t earlier(uint64_t a, const struct origin *b)
{
    return b->ordinal > 0 && b->ordinal < a ? b->ordinal : a;
}

/* Whether nothing of it can be read without what its connection sent before. */
static bool needs_beginning(const struct notice *notice)
{
    const struct event_connection *connection = notice->connection;
    return notice->exchange->number == 1 || notice->exchange->stream > 0 ||
           connection->tls_version || connection->proxy.address.version != 0;
}

static struct frame_wish wish_of(const struct notice *notice)
{
    const struct exchange_message *request = &notice->exchange->request,
                                  *response = &notice->exchange->response;
    struct frame_wish wish = {
        .connection = notice->connection->number,
        .first = UINT64_MAX,
        .last = notice->origin.ordinal,
        .max_bytes = SIZE_MAX,
        .is_going_on = true,
    };
    wish.first = earlier(earlier(wish.first, &request->first), &response->first);
    if (wish.first == UINT64_MAX)
        wish.first = wish.connection;
    wish.start = needs_beginning(notice) ? wish.connection : wish.first;
    if (response->last.ordinal > wish.last)
        wish.last = response->last.ordinal;
    return wish;
}

static void extract_frame(void *ctx, const struct capture_frame *frame)
{
    struct packets *packets = ctx;
    bool is_written = pcapng_writer_frame(&packets->extract, frame);
    packets->n_frames += is_written;
    packets->n_unwritten += !is_written;
}

/* In a live run each exchange is a section of its own, so that one that cannot be written takes no
 * description of an interface with it. */
static void extract(struct packets *packets, const struct notice *notice)
{
    const struct frame_wish wish = wish_of(notice);
    if (packets->is_live)
        (void)pcapng_writer_begin(&packets->extract, "davscope " BUILD_VERSION);
    packets->n_unwritten +=
        frame_ring_give(packets->ring, &wish, (struct frame_taker){extract_frame, packets});
    packets->n_headless += wish.start < frame_ring_oldest(packets->ring);
    packets->n_exchanges++;
    output_end_packets(packets->output);
}

static void on_notice(void *ctx, const struct notice *notice)
{
    struct packets *packets = ctx;
    if (packets->has_extract && !notice->is_late)
        extract(packets, notice);
    if (packets->recorder.archive)
        recorder_notice(&packets->recorder, packets->ring, notice);
}

static void on_frame(void *ctx, uint64_t ordinal, uint64_t completed, uint64_t connection)
{
    struct packets *packets = ctx;
    frame_ring_assign(packets->ring, ordinal, completed, connection);
}

struct notice_sink packets_notices(struct packets *packets)
{
    return (struct notice_sink){packets->ring ? on_notice : NULL, packets};
}

struct frame_sink packets_frames(struct packets *packets)
{
    return (struct frame_sink){packets->ring ? on_frame : NULL, packets};
}

bool packets_begin(struct packets *packets, const struct options *options, struct output *output,
                   struct error *error)
{
    packets->output = output;
    const struct recorder_config config = {
        .folder = options->record_folder,
        .triggers = options->record_on,
        .max_files = options->record_files,
        .waits_for_disk = !packets->is_live,
    };
    packets_begin_section(packets);
    return !config.folder || recorder_open(&packets->recorder, &config, error);
}

void packets_begin_section(struct packets *packets)
{
    if (!packets->has_extract)
        return;
    (void)pcapng_writer_begin(&packets->extract, "davscope " BUILD_VERSION);
    output_end_packets(packets->output);
}

void packets_frame(struct packets *packets, const struct capture_frame *frame)
{
    if (packets->ring)
        frame_ring_push(packets->ring, frame);
}

static void on_secrets(void *ctx, const struct capture_secrets *secrets)
{
    struct packets *packets = ctx;
    bool is_kept = true;
    if (packets->has_extract)
        is_kept = pcapng_writer_secrets(&packets->extract, secrets);
    if (packets->recorder.archive)
        is_kept &= recorder_secrets(&packets->recorder, secrets);
    packets->n_secrets_lost += !is_kept;
}

struct secret_taker packets_secrets(struct packets *packets)
{
    return (struct secret_taker){packets->ring ? on_secrets : NULL, packets};
}

/* ---- what people are told ---- */

bool packets_take_news(struct packets *packets, struct error *text, bool *is_complaint)
{
    return packets->recorder.archive && recorder_take_news(&packets->recorder, text, is_complaint);
}

void packets_finish(struct packets *packets)
{
    if (packets->recorder.archive)
        recorder_finish(&packets->recorder);
}

static bool tell_extract(const struct packets *packets, struct error *text)
{
    (void)error_set(text, "pcapng: %" PRIu64 " packets of %" PRIu64 " exchange%s",
                    packets->n_frames, packets->n_exchanges, packets->n_exchanges == 1 ? "" : "s");
    return packets->has_extract;
}

static bool tell_headless(const struct packets *packets, struct error *text)
{
    (void)error_set(text,
                    "pcapng: the first packets of %" PRIu64
                    " exchanges were no longer in memory; a larger --record-size keeps more",
                    packets->n_headless);
    return packets->n_headless > 0;
}

static bool tell_unwritten(const struct packets *packets, struct error *text)
{
    (void)error_set(text, "pcapng: %" PRIu64 " packets could not be written", packets->n_unwritten);
    return packets->n_unwritten > 0;
}

static bool tell_secrets(const struct packets *packets, struct error *text)
{
    (void)error_set(text, "%" PRIu64 " blocks of TLS secrets were too large to go along",
                    packets->n_secrets_lost);
    return packets->n_secrets_lost > 0;
}

static bool tell_recorder(const struct packets *packets, struct error *text)
{
    if (!packets->recorder.archive)
        return false;
    recorder_sum_up(&packets->recorder, text);
    return true;
}

bool packets_sum_up(const struct packets *packets, size_t i, struct error *text, bool *is_complaint)
{
    static const struct {
        bool (*tell)(const struct packets *, struct error *);
        bool is_complaint;
    } rows[] = {
        {tell_extract, false}, {tell_headless, true},  {tell_unwritten, true},
        {tell_secrets, true},  {tell_recorder, false},
    };
    text->text[0] = '\0';
    if (i >= sizeof rows / sizeof *rows)
        return false;
    if (!rows[i].tell(packets, text))
        text->text[0] = '\0';
    *is_complaint = rows[i].is_complaint;
    return true;
}

void packets_close(struct packets *packets)
{
    frame_ring_close(packets->ring);
    pcapng_writer_free(&packets->extract);
    recorder_close(&packets->recorder);
}
