/* engine: what the program feeds: a dissector on its own thread, or the same on several lanes. */
#pragma once

#include "app/lanes.h"

struct engine {
    struct dissector *dissector; /* one of both; NULL: the other */
    struct lanes *lanes;
};

/* config as lanes.h has it; n = 1 makes no thread. False: error says why. */
bool engine_open(struct engine *engine, const struct lanes_config *config, struct error *error);

/* As the functions of the dissector. The counts are exact: lanes are waited for. */
void engine_read_batches(struct engine *engine);
void engine_tell_frames(struct engine *engine, struct frame_sink sink); /* one lane only */
void engine_expect_secrets(struct engine *engine, bool may_come);
enum private_key engine_private_key(struct engine *engine, struct span pem);
bool engine_lacks_secrets(const struct engine *engine);

/* Whether engine_lacks_secrets cannot tell in time, and always says no. */
bool engine_lacks_late(const struct engine *engine);

enum feed engine_feed(struct engine *engine, uint32_t linktype, struct span frame,
                      uint32_t wire_len, const struct origin *origin);
enum feed engine_secrets(struct engine *engine, struct span lines);
enum feed engine_tick(struct engine *engine, const struct origin *origin);
enum feed engine_finish(struct engine *engine);

/* Of the run so far. */
struct engine_counts {
    struct dissector_stats stats;
    uint64_t n_connections, buffered_bytes; /* at the moment */
    uint64_t n_dropped;                     /* segments, because no lane kept up (live) */
};
void engine_count(struct engine *engine, struct engine_counts *counts);

void engine_close(struct engine *engine); /* a zeroed one is fine */
