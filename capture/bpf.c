/* Filter expressions through libpcap: compiled once for each link type that occurs. */
#include "capture/bpf.h"

#include "capture/linktype.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_LINKTYPES = 16, ETHERNET = 1, SNAPLEN_BYTES = 262144 };

struct program {
    uint32_t linktype;
    bool is_usable;
    struct bpf_program code;
};

struct bpf {
    const char *expression;
    struct program programs[MAX_LINKTYPES]; /* those of further link types match nothing */
    size_t n_programs;
};

static bool compile(const char *expression, uint32_t linktype, struct program *program,
                    char reason[BPF_REASON_BYTES])
{
    *program = (struct program){.linktype = linktype};
    pcap_t *dead = pcap_open_dead(dlt_of(linktype), SNAPLEN_BYTES);
    if (!dead) {
        snprintf(reason, BPF_REASON_BYTES, "no memory");
        return false;
    }
    program->is_usable =
        pcap_compile(dead, &program->code, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
    if (!program->is_usable)
        snprintf(reason, BPF_REASON_BYTES, "%s", pcap_geterr(dead));
    pcap_close(dead);
    return program->is_usable;
}

static const struct program *program_of(struct bpf *bpf, uint32_t linktype)
{
    char reason[BPF_REASON_BYTES];
    for (size_t i = 0; i < bpf->n_programs; i++)
        if (bpf->programs[i].linktype == linktype)
            return &bpf->programs[i];
    if (bpf->n_programs == MAX_LINKTYPES)
        return NULL;
    struct program *program = &bpf->programs[bpf->n_programs++];
    compile(bpf->expression, linktype, program, reason);
    return program;
}

struct bpf *bpf_open(const char *expression, char reason[BPF_REASON_BYTES])
{
    struct bpf *bpf = calloc(1, sizeof *bpf);
    if (!bpf) {
        snprintf(reason, BPF_REASON_BYTES, "no memory");
        return NULL;
    }
    bpf->expression = expression;
    if (!compile(expression, ETHERNET, &bpf->programs[bpf->n_programs++], reason)) {
        bpf_close(bpf);
        return NULL;
    }
    return bpf;
}

bool bpf_matches(struct bpf *bpf, uint32_t linktype, struct span frame, uint32_t wire_len)
{
    const struct program *program = program_of(bpf, linktype);
    struct pcap_pkthdr header = {.caplen = (bpf_u_int32)frame.len, .len = wire_len};
    return program && program->is_usable &&
           pcap_offline_filter(&program->code, &header, frame.ptr) != 0;
}

void bpf_close(struct bpf *bpf)
{
    for (size_t i = 0; bpf && i < bpf->n_programs; i++)
        if (bpf->programs[i].is_usable)
            pcap_freecode(&bpf->programs[i].code);
    free(bpf);
}
