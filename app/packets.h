/* packets: the frames of a run that somebody may want: a ring of the latest ones, and who gets some
 * of them: -o pcapng=PATH those of every exchange that is shown, --record (recorder.h) those of a
 * connection with a chosen verdict or finding.
 *
 * Of a connection: what it sent from the first frame of its first exchange that is shown to the
 * last frame of the latest one; what lies between two of them goes along, for behind a hole nobody
 * can tell which answer belongs to which request. It begins with the connection when that is its
 * first exchange, or one that cannot be read without what came before (TLS, HTTP/2, a PROXY
 * header). Frames keep their order inside a connection; each is written once. TLS secrets that the
 * capture brought go along, those of --keylog never. One owner thread; all functions do nothing
 * when nobody wants packets. */
#pragma once

#include "app/options.h"
#include "app/recorder.h"
#include "app/secret_intake.h"
#include "capture/pcapng_writer.h"
#include "dissector/dissector.h"

struct packets {
    /* fields are private */
    struct frame_ring *ring; /* NULL: nobody wants any */
    struct output *output;   /* with has_extract */
    bool has_extract, is_live;
    struct pcapng_writer extract;
    uint64_t n_exchanges, n_frames;
    uint64_t n_headless; /* exchanges whose first frames were gone */
    uint64_t n_unwritten;
    struct recorder recorder; /* with a folder */
    uint64_t n_secrets_lost;
};

/* False: error says why. packets must not be moved from here on. */
bool packets_open(struct packets *packets, const struct options *options, struct error *error);

/* For output_config and dissector_tell_frames. */
struct notice_sink packets_notices(struct packets *packets);
struct frame_sink packets_frames(struct packets *packets);

/* For secret_intake_tell: those go in front of the packets written after them. */
struct secret_taker packets_secrets(struct packets *packets);

/* Once the output is open and the last privilege is given up. False: error says why. */
bool packets_begin(struct packets *packets, const struct options *options, struct output *output,
                   struct error *error);

/* When the output was opened anew. */
void packets_begin_section(struct packets *packets);

/* Before the dissector is fed with it. */
void packets_frame(struct packets *packets, const struct capture_frame *frame);

/* Something to be said now; ask until false. is_complaint: it is a loss, or the end of one. */
bool packets_take_news(struct packets *packets, struct error *text, bool *is_complaint);

/* Waits, but never long, for what is still being written. */
void packets_finish(struct packets *packets);

/* What is to be said at the end, a line at a time from i = 0 on; is_complaint: it is a loss. False:
 * no more. */
bool packets_sum_up(const struct packets *packets, size_t i, struct error *text,
                    bool *is_complaint);

void packets_close(struct packets *packets); /* a zeroed one is fine */
