/* An interface's name arrives, its frames leave; see tap.h. libpcap's ring buffer (TPACKET_V3 on
 * Linux) holds the frames until they are asked for; a frame is given without being copied. */
#include "capture/tap.h"

#include "capture/linktype.h"
#include "capture/now.h"

#include <pcap/pcap.h>
#include <stdio.h>

enum {
    /* The ring hands over a block when it is full or so old: the latency of a quiet interface. */
    READ_TIMEOUT_MS = 50,
};

static const int64_t first_pause_ns = 100000000, max_pause_ns = 5000000000;

/* libpcap's text for a status, with its details where it has some. */
static enum tap_opened refuse(struct tap *tap, int status)
{
    const char *details = pcap_geterr(tap->pcap);
    const char *text = pcap_statustostr(status);
    if (status == PCAP_ERROR && details[0] != '\0')
        (void)snprintf(tap->reason, sizeof tap->reason, "%s", details);
    else if (details[0] != '\0')
        (void)snprintf(tap->reason, sizeof tap->reason, "%s (%s)", text, details);
    else
        (void)snprintf(tap->reason, sizeof tap->reason, "%s", text);
    return TAP_REFUSED;
}

static enum tap_opened set_filter(struct tap *tap)
{
    const struct tap_config *config = tap->config;
    struct bpf_program code;
    if (!config->filter)
        return TAP_OPEN;
    if (pcap_compile(tap->pcap, &code, config->filter, 1, PCAP_NETMASK_UNKNOWN) != 0) {
        (void)snprintf(tap->reason, sizeof tap->reason, "%s", pcap_geterr(tap->pcap));
        return config->is_filter_vital ? TAP_BAD_FILTER : TAP_OPEN;
    }
    int status = pcap_setfilter(tap->pcap, &code);
    pcap_freecode(&code);
    return status == 0 ? TAP_OPEN : refuse(tap, status);
}

/* What has to be said before pcap_activate; none of it fails on a new handle. */
static void prepare(pcap_t *pcap, const struct tap_config *config)
{
    (void)pcap_set_snaplen(pcap, config->snaplen_bytes);
    (void)pcap_set_buffer_size(pcap, config->buffer_bytes);
    (void)pcap_set_promisc(pcap, config->is_promiscuous);
    (void)pcap_set_timeout(pcap, READ_TIMEOUT_MS);
    (void)pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
}

static enum tap_opened activate(struct tap *tap)
{
    char why[PCAP_ERRBUF_SIZE];
    int status = pcap_activate(tap->pcap);
    if (status < 0)
        return refuse(tap, status);
    enum tap_opened opened = set_filter(tap);
    if (opened != TAP_OPEN)
        return opened;
    if (pcap_setnonblock(tap->pcap, 1, why) != 0) {
        (void)snprintf(tap->reason, sizeof tap->reason, "%.*s", CAPTURE_REASON_BYTES - 1, why);
        return TAP_REFUSED;
    }
    tap->fd = pcap_get_selectable_fd(tap->pcap);
    tap->linktype = linktype_of((uint32_t)pcap_datalink(tap->pcap));
    return TAP_OPEN;
}

static void leave(struct tap *tap)
{
    if (tap->pcap)
        pcap_close(tap->pcap);
    tap->pcap = NULL;
    tap->fd = -1;
    tap->has_frame = false;
}

static enum tap_opened enter(struct tap *tap)
{
    char why[PCAP_ERRBUF_SIZE];
    tap->pcap = pcap_create(tap->name, why);
    if (!tap->pcap) {
        (void)snprintf(tap->reason, sizeof tap->reason, "%.*s", CAPTURE_REASON_BYTES - 1, why);
        return TAP_REFUSED;
    }
    tap->last_received = tap->last_dropped = tap->last_ifdropped = 0;
    prepare(tap->pcap, tap->config);
    enum tap_opened opened = activate(tap);
    if (opened != TAP_OPEN)
        leave(tap);
    return opened;
}

enum tap_opened tap_open(struct tap *tap, const char *name, const struct tap_config *config)
{
    *tap = (struct tap){.name = name, .config = config, .fd = -1};
    return enter(tap);
}

void tap_count(struct tap *tap)
{
    struct pcap_stat now;
    if (!tap->pcap || pcap_stats(tap->pcap, &now) != 0)
        return;
    /* The counters have 32 bits and begin anew; their differences do not. */
    tap->counts.is_known = true;
    tap->counts.received += (uint32_t)(now.ps_recv - tap->last_received);
    tap->counts.dropped += (uint32_t)(now.ps_drop - tap->last_dropped);
    tap->counts.interface_dropped += (uint32_t)(now.ps_ifdrop - tap->last_ifdropped);
    tap->last_received = now.ps_recv;
    tap->last_dropped = now.ps_drop;
    tap->last_ifdropped = now.ps_ifdrop;
}

static enum tap_result lose(struct tap *tap)
{
    (void)refuse(tap, PCAP_ERROR);
    tap_count(tap);
    leave(tap);
    tap->pause_ns = first_pause_ns;
    tap->retry_ns = now_ns(CLOCK_MONOTONIC) + tap->pause_ns;
    return TAP_GONE;
}

static enum tap_result try_again(struct tap *tap)
{
    int64_t time_ns = now_ns(CLOCK_MONOTONIC);
    if (time_ns < tap->retry_ns)
        return TAP_NOTHING;
    if (enter(tap) == TAP_OPEN)
        return TAP_BACK;
    tap->pause_ns = 2 * tap->pause_ns < max_pause_ns ? 2 * tap->pause_ns : max_pause_ns;
    tap->retry_ns = time_ns + tap->pause_ns;
    return TAP_NOTHING;
}

enum tap_result tap_next(struct tap *tap)
{
    struct pcap_pkthdr *header;
    const u_char *bytes;
    if (!tap->pcap)
        return try_again(tap);
    int result = pcap_next_ex(tap->pcap, &header, &bytes);
    if (result == 0)
        return TAP_NOTHING;
    if (result != 1)
        return lose(tap);
    tap->frame = (struct capture_frame){
        .linktype = tap->linktype,
        .wire_len = header->len > header->caplen ? header->len : header->caplen,
        .interface = tap->name,
        .bytes = span_of(bytes, header->caplen),
        .origin = {.frame = ++tap->n_frames,
                   /* Nanoseconds stand where the field's name says microseconds. */
                   .time_ns = (int64_t)header->ts.tv_sec * SECOND_NS + header->ts.tv_usec},
    };
    return TAP_FRAME;
}

void tap_close(struct tap *tap)
{
    leave(tap);
}
