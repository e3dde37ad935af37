/* remark: sentences that rules of several families say in their details. All take the writer that
 * detection_report gave, and put a space before what follows another sentence. */
#pragma once

#include "output/detection.h"

/* "Mismatched tag, at byte 812 of the answer about /d/." */
void remark_anomaly(struct detection *detection, struct writer *detail,
                    const struct anomaly *anomaly);

/* Of an answer that cannot be used, when it was to a write (RFC 4918 §8.2). */
void remark_state_unknown(struct writer *detail, const struct document_end *end);

/* The answer's Content-Type and Server, as far as sent. */
void remark_type(struct detection *detection, struct writer *detail);

/* What the server says of it in words; nothing when that is empty. */
void remark_words(struct writer *detail, struct span words);

/* "frame 12"; of several captures "frame 12 of a.pcap". */
void remark_frame(const struct detection *detection, struct writer *detail, uint32_t source,
                  uint64_t frame);

/* "4 s"; of the second, between two times. */
void remark_duration(struct writer *detail, uint64_t time_ns);
void remark_span(struct writer *detail, int64_t from_ns, int64_t to_ns);

/* When it stopped near a time or size at which proxies and runtimes commonly stop. */
void remark_round_numbers(struct writer *detail, uint64_t time_ns, uint64_t n_bytes);
