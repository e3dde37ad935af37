/* exporter: the HTTP endpoint of --metrics, for a Prometheus server. GET /metrics gives the text
 * that was published last, GET /healthz says "ok". Built on libmicrohttpd; without it no exporter
 * can be opened.
 *
 * The endpoint has a thread of its own, which holds nothing up: publishing only exchanges a text
 * under a lock, and a client is served from the text there was when it asked. Bounded: at most
 * EXPORTER_MAX_CLIENTS at a time, each for EXPORTER_TIMEOUT_S without progress. All functions are
 * for one thread, the owner. */
#pragma once

#include "dissector/base/span.h"
#include "output/error.h"

enum { EXPORTER_MAX_CLIENTS = 32, EXPORTER_TIMEOUT_S = 10 };

struct exporter; /* opaque */

/* place: "[ADDR:]PORT"; ADDR is an IPv4 address or an IPv6 one in brackets, 127.0.0.1 when left
 * out. False: it is none, and error says why. */
bool exporter_parse(const char *place, struct error *error);

/* Listens at once, so call it while the process may still bind what it likes. NULL: error says why
 * (the place is taken, no memory, not built in). */
struct exporter *exporter_open(const char *place, struct error *error);

/* What /metrics says from now on. The bytes are copied. Without memory the old text stays. */
void exporter_publish(struct exporter *exporter, struct span text);

/* Ends the thread; clients that are being served are cut off. NULL is fine. */
void exporter_close(struct exporter *exporter);
