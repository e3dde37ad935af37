/* bpf: which frames are looked at: a filter expression as tcpdump takes it (pcap-filter(7)),
 * applied to frames of any link type. libpcap compiles and runs it. One owner thread. */
#pragma once

#include "dissector/base/span.h"

enum { BPF_REASON_BYTES = 256 };

struct bpf;

/* NULL: the expression makes no sense on any link type (reason says why, NUL-terminated) or there
 * is no memory. expression must stay until bpf_close. */
struct bpf *bpf_open(const char *expression, char reason[BPF_REASON_BYTES]);

/* Whether a frame of this LINKTYPE_ value matches. For a link type on which the expression cannot
 * be compiled nothing matches. */
bool bpf_matches(struct bpf *bpf, uint32_t linktype, struct span frame, uint32_t wire_len);

void bpf_close(struct bpf *bpf); /* NULL is fine */
