/* capture: where bytes come from. One capture file, pipe or standard input in; its frames, TLS
 * secrets and damages out, one at a time, in the order of the file.
 *
 * Read: classic pcap of every byte order and time resolution (through libpcap) and pcapng, each
 * also compressed with gzip, zstd, lz4 or xz. The content decides, never the name. The input is
 * read forward only, in constant memory: pipes work, and what a live pipe brings is given at once.
 *
 *     struct capture *c = capture_open("a.pcapng", NULL);
 *     while ((r = capture_next(c, &item)) != CAPTURE_END) ...
 *     capture_close(c);
 *
 * A capture has one owner thread. */
#pragma once

#include "dissector/base/origin.h"
#include "dissector/base/span.h"

#include <signal.h>

/* A packet or secrets block of a pcapng file larger than this is passed over and reported. The
 * largest frames known (USB, D-Bus aside) have 256 KiB; key logs of long captures a few MiB. */
#define CAPTURE_MAX_BLOCK_BYTES ((size_t)16 << 20)

/* Memory one decompressor may ask for; what needs more is refused. xz -9 needs 65 MiB, zstd up to
 * level 22 without --long 128 MiB. */
#define CAPTURE_MAX_UNPACK_BYTES ((size_t)160 << 20)

/* Interfaces in one pcapng section. Frames of an interface beyond it are reported. */
#define CAPTURE_MAX_INTERFACES ((size_t)65536)

/* Different interface names in one capture; frames of further ones have none. */
#define CAPTURE_MAX_NAMES ((size_t)4096)

/* Damages of one capture reported one by one; the last report says how many more there were. */
#define CAPTURE_MAX_ERRORS 16

enum capture_result {
    CAPTURE_FRAME,   /* item.frame is filled in */
    CAPTURE_SECRETS, /* item.secrets is filled in */
    CAPTURE_DAMAGED, /* item.error says what could not be read; go on, the next call knows more */
    CAPTURE_IDLE,    /* nothing arrived within the time-out of live traffic; files never say so */
    CAPTURE_NOTICE,  /* item.error says what has changed, for the better; only live traffic */
    CAPTURE_END,     /* nothing more; said again when asked again */
    CAPTURE_NOMEM,   /* no memory; only capture_close may follow */
};

struct capture_frame {
    uint32_t linktype;     /* a LINKTYPE_ value (www.tcpdump.org/linktypes.html), not a DLT_ */
    uint32_t wire_len;     /* bytes it had on the wire, >= bytes.len; more = cut when captured */
    uint32_t interface_id; /* index within its pcapng section; 0 otherwise */
    const char *interface; /* its name as printable UTF-8, valid until capture_close; or NULL */
    struct span bytes;     /* valid until the next call on the same capture */
    struct origin origin;  /* frame counts from 1, as Wireshark numbers the file's packets.
                            * time_ns: a frame without time has that of the one before it.
                            * source and ordinal are 0 here; a timeline fills them in */
};

/* A pcapng Decryption Secrets Block. They are secrets: never print or log the bytes. */
struct capture_secrets {
    uint32_t type;     /* 0x544c534b "TLSK": lines as NSS key logs have them; others exist */
    struct span bytes; /* valid until the next call on the same capture */
};

enum { CAPTURE_REASON_BYTES = 200 };

struct capture_error {
    const char *path; /* as given to capture_open; valid until capture_close */
    bool has_offset;  /* false when the file could not be opened */
    uint64_t offset;  /* in the file, of the first block, record or piece of compressed content that
                       * could not be understood; in the unpacked content where the reason says so */
    char reason[CAPTURE_REASON_BYTES]; /* for people, NUL-terminated; may quote the file */
};

struct capture_item {
    struct capture_frame frame;
    struct capture_secrets secrets;
    const struct capture_error *error; /* valid until the next call on the same capture */
};

/* What the capturing machine said of itself; sums over interfaces. */
struct capture_counts {
    bool is_known;              /* false: it said nothing, and the numbers are 0 */
    uint64_t received;          /* packets the interfaces received */
    uint64_t dropped;           /* lost by the operating system */
    uint64_t interface_dropped; /* lost by the interface (where dumpcap writes all its losses) */
};

struct capture_progress {
    uint64_t done_bytes;  /* read so far, as stored on disk */
    uint64_t total_bytes; /* size on disk */
    bool is_total_known;  /* false for pipes; total_bytes is then too small */
};

struct capture;

/* Opens path; "-" is standard input. What is wrong with the file is said by capture_next. stop may
 * be NULL; else a signal that interrupts a read ends the capture quietly when *stop is not 0 (the
 * handler sets it, installed without SA_RESTART). NULL only when there is no memory. */
struct capture *capture_open(const char *path, const volatile sig_atomic_t *stop);

/* The next thing of the capture; only the member of *item named by the result is filled in. */
enum capture_result capture_next(struct capture *c, struct capture_item *item);

/* Sums of what was read so far; complete after CAPTURE_END, when the capture keeps little more than
 * these and its interface names. */
struct capture_counts capture_counts(const struct capture *c);

/* Whether secrets may come from it; false for formats that have none, known with the first item. */
bool capture_can_hold_secrets(const struct capture *c);

struct capture_progress capture_progress(const struct capture *c);

/* Gives everything back. NULL is allowed. */
void capture_close(struct capture *c);

/* The one line for people, without line feed: "FILE: offset N: REASON" or "FILE: REASON", printable
 * UTF-8, NUL-terminated, cut with "…" when size_bytes (>= 4) is too small. */
void capture_error_text(const struct capture_error *error, char *out, size_t size_bytes);
