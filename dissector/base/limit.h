/* limit: every bound of the dissector in one place. What meets one raises ANOMALY_LIMIT with the
 * member's name as text (or the anomaly named below), is counted, and degrades as said here. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct limits {
    /* All buffered traffic together: connections, reassembly, heads, decoders, pending events. */
    size_t max_memory_bytes;

    /* Connections. Least useful first: idle, not HTTP, no document in progress. Evicted: counted.
     */
    size_t max_connections;     /* a busy proxy holds tens of thousands */
    int64_t connection_idle_ns; /* keep-alive connections may rest between two syncs */
    size_t max_lingering;       /* closed connections that are still known, of the ones above */
    int64_t closed_linger_ns;   /* late retransmissions of a closed connection still belong to it;
                                 * its SYN and what has no payload while a hole might wait, too */

    size_t max_strays; /* resets of connections that are not known yet; the oldest are forgotten */

    /* Headers of one frame, each a step: tags, tunnels, IP and its options, TCP. Beyond it the
     * frame is not read, and counted. */
    size_t max_layers;

    /* IP fragments. Beyond it a datagram is given up. */
    size_t max_fragmented; /* datagrams of which parts are missing, about 66 KiB each */
    int64_t fragment_ns;   /* how long the missing parts may take */

    /* Connections captured before and behind address translation. Beyond it they are two. */
    size_t max_handshakes; /* SYNs without an answer that another one is compared with */
    int64_t handshake_ns;  /* how long a SYN waits for its answer */
    size_t max_translated; /* connections known to be the same as another */
    size_t max_sightings;  /* segments that another one is compared with */
    int64_t sighting_ns;   /* how long after one its copy is captured */

    /* TCP reassembly, for each direction. Beyond it the missing bytes are given up as a gap. */
    size_t max_reorder_bytes;    /* waiting for a missing segment: a full window of a fast link */
    size_t max_reorder_segments; /* the same, against floods of tiny segments */
    int64_t reorder_ns;          /* how long a hole may wait for a late copy, when since then */
    uint64_t reorder_frames;     /* so many frames were captured, of any connection; else */
    int64_t reorder_quiet_ns;    /* so long: a slow capture out of order spans more time */

    /* Recognition. Beyond it a connection that spoke no known protocol is no longer searched. */
    size_t max_search_bytes;

    /* TLS. Beyond it a secret that came first is forgotten, a message passed over, a connection
     * that waits given up as opaque, a record missing. */
    size_t max_tls_sessions;      /* whose secrets are known */
    size_t max_tls_message_bytes; /* a hello, kept whole */
    size_t max_tls_wait_bytes;    /* of one connection, waiting for secrets or as early data */
    int64_t tls_wait_ns;          /* for secrets that are told late */
    size_t max_tls_tries;         /* sequence numbers tried behind a loss */

    /* QUIC. Beyond it the oldest connection is told without a name, a hello is not read. */
    size_t max_quic_connections; /* known at once */
    size_t max_quic_hello_bytes; /* of a ClientHello, twice that is kept while it comes */

    /* HTTP heads. Beyond it the message is skipped until the next start line. */
    size_t max_head_bytes;       /* start line and fields; servers commonly stop at 8 to 64 KiB */
    size_t max_fields;           /* header lines of a message */
    size_t max_field_bytes;      /* one copied field value; longer ones are cut and say so */
    size_t max_target_bytes;     /* request target kept; longer ones are cut and say so */
    size_t max_chunk_line_bytes; /* chunk size with extensions */
    size_t max_pipelined;        /* requests waiting for their response on one connection */
    size_t max_anomalies;        /* kept on one exchange; more are only counted */

    /* HTTP/2. */
    size_t max_header_table_bytes; /* of HPACK, for each direction; older entries become unknown */
    size_t max_streams;            /* open at once; the oldest is given up */

    /* HTTP/3. Beyond it a stream is given up. */
    size_t max_stream_holes; /* missing pieces of one stream that others wait behind */

    /* Content codings. */
    size_t max_codings;         /* stacked on one message */
    uint64_t max_decoded_bytes; /* decoded content of one message */
    uint64_t max_blowup_ratio;  /* decoded : coded, checked beyond blowup_free_bytes only: honest */
    uint64_t blowup_free_bytes; /* listings reach 130 : 1, deflate itself ends at 1032 : 1 */

    /* Documents. */
    size_t max_sniff_bytes; /* bytes looked at before a body is called not a document */
    size_t max_depth;       /* open elements */
    size_t max_name_bytes;  /* one element or attribute name, or namespace URI */
    size_t max_text_bytes;  /* one href, status, description or token; more is cut and says so */
    size_t max_attributes;  /* of one element, namespace declarations included */
    size_t
        max_namespaces; /* declarations in force at one place: each prefix is looked up in them */
    size_t max_names_bytes; /* distinct element, attribute and namespace names of one document */
    size_t max_construct_bytes;   /* a tag, comment or text run the parser has to keep whole */
    size_t max_hrefs;             /* href elements of one response */
    size_t max_propstats;         /* of one response */
    size_t max_properties;        /* names kept of one propstat; more are only counted */
    size_t max_conditions;        /* of one error element */
    size_t max_locks;             /* of a resource, kept of each propstat */
    size_t max_resource_bytes;    /* everything kept of one response together */
    uint64_t max_elements;        /* of one document */
    uint64_t max_barren_elements; /* in a row that tell nothing: unknown ones, empty responses */
    uint64_t max_value_elements;  /* inside one property value; more are noted and passed over */
    size_t max_distinct_hrefs;    /* of one document, remembered to find duplicates among */
    size_t max_requested_hrefs;   /* remembered of one request for reconciliation */
    size_t max_requested_bytes;   /* of their texts; less than 4 GiB */

    /* Results in JSON: a text is kept and parsed as a whole. Lines of JSON are texts of their own.
     */
    size_t max_json_bytes;      /* of one text */
    size_t max_json_tree_bytes; /* of its parsed form, while its results are told */
};

/* The defaults, each with its reason beside it in limit.c. */
extern const struct limits limits_default;
