/* tls_message: what each message of a handshake means for the connection: who is the client, which
 * keys there are and when they hold. Private to tls*.c. */
#pragma once

#include "dissector/tls/tls_half.h"

/* Content of handshake records. FEED_OK or FEED_NOMEM. */
enum feed tls_message_take(struct tls_half *half, struct span content);

/* Content is missing before what comes. */
void tls_message_restart(struct tls_half *half);
