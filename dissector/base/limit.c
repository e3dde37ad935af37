/* The default of each limit and its reason. */
#include "dissector/base/limit.h"

#include "dissector/base/origin.h"

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

const struct limits limits_default = {
    .max_memory_bytes = 1024 * MIB, /* a quarter of the smallest machine that runs a file server */

    .max_connections = 200000,             /* about 1 KiB each when idle */
    .connection_idle_ns = 600 * SECOND_NS, /* above the keep-alive of common servers and proxies */
    .max_lingering = 16384,                /* one second of a very busy proxy */
    .closed_linger_ns = 10 * SECOND_NS,    /* a few retransmission time-outs */
    .max_strays = 64, /* of so many packets at once that taps put out of order; 10 KiB */

    .max_layers = 32, /* honest frames stay below 20, a tunnel in a tunnel included */

    .max_fragmented = 256,         /* TCP avoids fragments: a few tunnels at a time */
    .fragment_ns = 30 * SECOND_NS, /* as long as common systems wait, RFC 8200 allows 60 */

    .max_handshakes = 4096,         /* the round trips of a very busy proxy: 0.5 MiB, or 9 if all
                                     * may be twins */
    .handshake_ns = 10 * SECOND_NS, /* three times sent, by common systems */
    .max_translated = 16384,        /* open ones of a busy host of containers: 4 MiB */
    .max_sightings = 1024,        /* what lies between a packet and its copy, many times; 80 KiB */
    .sighting_ns = 1 * SECOND_NS, /* copies come within microseconds, through a queue later */

    .max_reorder_bytes = 4 * MIB,  /* the usual largest receive window */
    .max_reorder_segments = 16384, /* 4 MiB of 256-byte segments */
    .reorder_ns = 5 * SECOND_NS,   /* two to three retransmission time-outs */
    .reorder_frames = 1024,        /* 64 KiB of the smallest frames: what taps put out of order */
    .reorder_quiet_ns = 600 * SECOND_NS, /* in files nobody waits: as long as a connection lives */

    .max_search_bytes = 4 * MIB, /* of a direction that was joined in the middle of something */

    .max_tls_sessions = 100 * 1000,    /* a day of a busy client's key log; 40 MiB when full */
    .max_tls_message_bytes = 64 * KIB, /* hellos have 200 bytes to 2 KiB, certificates are passed */
    .max_tls_wait_bytes = 256 * KIB,   /* the first exchanges of a connection */
    .tls_wait_ns = 10 * SECOND_NS,     /* written at the handshake, read each second */
    .max_tls_tries = 256,              /* 4 MiB in full records: the longest hole in TCP */

    .max_quic_connections = 1024,    /* hellos are whole within a round trip; 16 MiB when full */
    .max_quic_hello_bytes = 8 * KIB, /* with post-quantum keys and a ticket some 3 KiB */

    .max_head_bytes = 256 * KIB,     /* generous: negotiate tokens alone reach 64 KiB */
    .max_fields = 512,               /* servers stop at 100 */
    .max_field_bytes = 4 * KIB,      /* none of the fields we copy is honestly longer */
    .max_target_bytes = 16 * KIB,    /* servers stop at 8 KiB */
    .max_chunk_line_bytes = 4 * KIB, /* extensions are rare and short */
    .max_pipelined = 1024,           /* clients that pipeline at all send a few */
    .max_anomalies = 32,             /* enough to explain one exchange */

    .max_header_table_bytes = 128 * KIB, /* twice what browsers allow; 4 KiB is the default */
    .max_streams = 1024,                 /* servers allow 100 to 256 */

    .max_stream_holes = 1024, /* every second packet of 2 MiB lost */

    .max_codings = 4,                          /* two is already strange */
    .max_decoded_bytes = 2048 * (uint64_t)MIB, /* beyond any listing a server survives to make */
    .max_blowup_ratio = 400,                   /* three times the best honest listing */
    .blowup_free_bytes = 32 * MIB,             /* small documents may blow up as they like */

    .max_sniff_bytes = 4 * KIB,      /* white space and comments before a root */
    .max_depth = 256,                /* honest documents stay below 20 */
    .max_name_bytes = 4 * KIB,       /* names are short; namespace URIs below 200 bytes */
    .max_text_bytes = 16 * KIB,      /* as long as a target may be */
    .max_attributes = 256,           /* servers declare a dozen namespaces at the root */
    .max_namespaces = 1024,          /* some servers declare a dozen anew on each level */
    .max_names_bytes = 4 * MIB,      /* a listing has some hundred distinct names */
    .max_construct_bytes = 1 * MIB,  /* bounds what the parser buffers of an unfinished construct */
    .max_hrefs = 4096,               /* status form lists of a large DELETE */
    .max_propstats = 64,             /* one a status: fewer than ten in practice */
    .max_properties = 1024,          /* Windows and Exchange ask for some hundred */
    .max_conditions = 64,            /* one or two in practice */
    .max_locks = 64,                 /* who has one file open at once, and its folders */
    .max_resource_bytes = 512 * KIB, /* bounds one response whatever it is made of */
    .max_elements = 50 * 1000 * 1000,  /* 200,000 resources of 250 elements */
    .max_barren_elements = 100 * 1000, /* an extension may be large, not endless */
    .max_value_elements = 250 * 1000,  /* an expanded group of 50,000 members */
    .max_distinct_hrefs = 256 * 1024,  /* above the largest listing seen; 16 to 32 bytes each */
    .max_requested_hrefs = 200000,     /* four times the largest multiget seen */
    .max_requested_bytes = 32 * MIB,   /* as many of 160 bytes */

    .max_json_bytes = 16 * MIB,       /* services stop at some thousand results of some 100 bytes */
    .max_json_tree_bytes = 128 * MIB, /* about eight times the text, honestly; one at a time */
};
