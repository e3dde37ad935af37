/* Sums of counts; see stats.h. */
#include "dissector/stats.h"

static void add_tcp(struct tcp_stats *sum, const struct tcp_stats *more)
{
    sum->n_gaps += more->n_gaps;
    sum->missing_bytes += more->missing_bytes;
    sum->n_reordered += more->n_reordered;
    sum->n_retransmitted += more->n_retransmitted;
    sum->n_overlap_conflicts += more->n_overlap_conflicts;
    sum->n_disbelieved += more->n_disbelieved;
}

void stats_add(struct dissector_stats *sum, const struct dissector_stats *more)
{
    add_tcp(&sum->tcp, &more->tcp);
    sum->n_connections += more->n_connections;
    sum->n_translated += more->n_translated;
    sum->n_http_connections += more->n_http_connections;
    sum->n_http2_connections += more->n_http2_connections;
    sum->n_tls_connections += more->n_tls_connections;
    sum->n_tls_decrypted += more->n_tls_decrypted;
    sum->cannot_decrypt |= more->cannot_decrypt;
    sum->n_secrets += more->n_secrets;
    sum->n_malformed_secrets += more->n_malformed_secrets;
    sum->n_other_connections += more->n_other_connections;
    sum->n_quic_connections += more->n_quic_connections;
    sum->n_exchanges += more->n_exchanges;
    sum->n_requests_without_response += more->n_requests_without_response;
    sum->n_missed_answers += more->n_missed_answers;
    sum->n_responses_without_request += more->n_responses_without_request;
    sum->n_unread_joins += more->n_unread_joins;
    sum->n_unread_bodies += more->n_unread_bodies;
    sum->n_evicted_connections += more->n_evicted_connections;
    sum->n_evicted_documents += more->n_evicted_documents;
    sum->n_evicted_http += more->n_evicted_http;
}
