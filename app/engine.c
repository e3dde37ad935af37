/* Chooses; see engine.h. */
#include "app/engine.h"

bool engine_open(struct engine *engine, const struct lanes_config *config, struct error *error)
{
    *engine = (struct engine){0};
    if (config->n > 1) {
        engine->lanes = lanes_open(config, error);
        return engine->lanes != NULL;
    }
    engine->dissector = dissector_open(config->limits, &config->key, config->sink);
    return engine->dissector || error_set(error, "no memory");
}

void engine_read_batches(struct engine *engine)
{
    if (engine->lanes)
        lanes_read_batches(engine->lanes);
    else
        dissector_read_batches(engine->dissector);
}

void engine_expect_secrets(struct engine *engine, bool may_come)
{
    if (engine->lanes)
        lanes_expect_secrets(engine->lanes, may_come);
    else
        dissector_expect_secrets(engine->dissector, may_come);
}

void engine_tell_frames(struct engine *engine, struct frame_sink sink)
{
    if (engine->dissector)
        dissector_tell_frames(engine->dissector, sink);
}

enum private_key engine_private_key(struct engine *engine, struct span pem)
{
    return engine->lanes ? lanes_private_key(engine->lanes, pem)
                         : dissector_private_key(engine->dissector, pem);
}

bool engine_lacks_secrets(const struct engine *engine)
{
    return engine->dissector && dissector_lacks_secrets(engine->dissector);
}

bool engine_lacks_late(const struct engine *engine)
{
    return engine->lanes != NULL;
}

enum feed engine_feed(struct engine *engine, uint32_t linktype, struct span frame,
                      uint32_t wire_len, const struct origin *origin)
{
    return engine->lanes ? lanes_feed(engine->lanes, linktype, frame, wire_len, origin)
                         : dissector_feed(engine->dissector, linktype, frame, wire_len, origin);
}

enum feed engine_secrets(struct engine *engine, struct span lines)
{
    return engine->lanes ? lanes_secrets(engine->lanes, lines)
                         : dissector_secrets(engine->dissector, lines);
}

enum feed engine_tick(struct engine *engine, const struct origin *origin)
{
    return engine->lanes ? lanes_tick(engine->lanes, origin)
                         : dissector_tick(engine->dissector, origin);
}

enum feed engine_finish(struct engine *engine)
{
    return engine->lanes ? lanes_finish(engine->lanes) : dissector_finish(engine->dissector);
}

void engine_count(struct engine *engine, struct engine_counts *counts)
{
    *counts = (struct engine_counts){0};
    if (!engine->lanes) {
        dissector_stats(engine->dissector, &counts->stats);
        counts->n_connections = dissector_n_connections(engine->dissector);
        counts->buffered_bytes = dissector_buffered_bytes(engine->dissector);
        return;
    }
    (void)lanes_sync(engine->lanes);
    lanes_stats(engine->lanes, &counts->stats);
    counts->n_connections = lanes_n_connections(engine->lanes);
    counts->buffered_bytes = lanes_buffered_bytes(engine->lanes);
    counts->n_dropped = lanes_n_dropped(engine->lanes);
}

void engine_close(struct engine *engine)
{
    dissector_close(engine->dissector);
    lanes_close(engine->lanes);
    *engine = (struct engine){0};
}
