/* recorder: --record. When a chosen verdict or finding appears, the packets of its connection that
 * are still in memory become a small pcapng file of their own. One owner thread.
 *
 * A file is there whole or not at all (whole_file.h). Its name tells the capture time (UTC), the
 * connection and why: davscope-20260102T030405-c12-mixed.pcapng.
 *
 * Bounded: RECORDER_MAX_FILE_BYTES of packets a file, the latest; max_files files a run. Beyond
 * them, and when a file cannot be written, the recording is lost and counted, and the run goes on.
 * A live run never waits for the disk (archive.h). */
#pragma once

#include "app/archive.h"
#include "capture/frame_ring.h"
#include "output/notice.h"
#include "output/output.h"

#define RECORDER_MAX_FILE_BYTES ((size_t)16 << 20)

/* What is worth a file. */
struct recorder_triggers {
    uint32_t verdicts;     /* bits 1 << enum verdict */
    bool rules[RULES_MAX]; /* by rule_index */
};

/* "mixed,all-failed,D36,locked": verdicts, ids and names of findings, but for those about the run
 * itself (D59, D60), which have no packets. False: error says what is none. */
bool recorder_parse(const char *list, struct recorder_triggers *triggers, struct error *error);

/* mixed, all-failed and undecodable. */
extern const struct recorder_triggers recorder_default;

/* A copy of TLS secrets that the capture brought. */
struct recorder_secrets {
    struct recorder_secrets *next;
    struct capture_secrets secrets;
};

struct recorder_config {
    const char *folder; /* NULL: no recordings; must outlive the recorder */
    struct recorder_triggers triggers;
    uint64_t max_files;
    bool waits_for_disk; /* rather than to lose a file; not for live runs */
};

struct recorder {
    /* fields are private */
    struct recorder_config config;
    struct archive *archive;
    uint64_t n_beyond; /* more than max_files */
    uint64_t n_cut;    /* without the first packets, which were too many or gone */
    struct recorder_secrets *secrets, **secrets_end;
    size_t secrets_bytes;
    int told_failure; /* errno; 0 = files are written */
    uint64_t told_lost;
    bool was_limit_told;
};

/* Whether files can be made in the folder; to be asked once the last privilege is given up. False:
 * error says why not. */
bool recorder_open(struct recorder *recorder, const struct recorder_config *config,
                   struct error *error);

/* Secrets of which every later file has a copy. False: no memory, or more than
 * CAPTURE_MAX_BLOCK_BYTES in all; nothing is kept of them. */
bool recorder_secrets(struct recorder *recorder, const struct capture_secrets *secrets);

void recorder_notice(struct recorder *recorder, struct frame_ring *ring,
                     const struct notice *notice);

/* Whether recordings began to be lost, or ceased to (a complaint), or the limit was met, since it
 * was asked last; the text says it. */
bool recorder_take_news(struct recorder *recorder, struct error *text, bool *is_complaint);

/* Waits for what is being written, but never long; what is left is lost. */
void recorder_finish(struct recorder *recorder);

/* One line about the run for people. */
void recorder_sum_up(const struct recorder *recorder, struct error *text);

/* Wipes the secrets. A zeroed one is fine. */
void recorder_close(struct recorder *recorder);
