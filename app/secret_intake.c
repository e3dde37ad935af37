/* Files in, secrets out to the engine; see secret_intake.h. Knows no format but that of the
 * block which brings key logs. */
#include "app/secret_intake.h"

#include "app/signals.h"

#include <stdlib.h>
#include <sys/stat.h>

enum {
    TLS_KEY_LOG = 0x544c534b,  /* of a pcapng block; those of other protocols are not ours */
    FRAMES_BETWEEN_READS = 64, /* of a key log that grows while a pipe is read */
};

struct secret_intake_file {
    size_t n_read; /* blocks met among the frames */
    size_t n_told; /* blocks that the taker has */
};

static bool is_live(const struct secret_intake *intake)
{
    return intake->options->n_interfaces > 0;
}

static bool is_regular(const char *path)
{
    struct stat about;
    return strcmp(path, "-") != 0 && stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static bool can_decrypt(const char *what, const char *path, struct error *error)
{
    return dissector_can_decrypt() ||
           error_set(error,
                     "%s '%s': this build cannot decrypt TLS, for it was made without OpenSSL",
                     what, path);
}

bool secret_intake_open(struct secret_intake *intake, const struct options *options,
                        struct error *error)
{
    *intake = (struct secret_intake){.options = options};
    intake->files = calloc(options->n_captures + 1, sizeof *intake->files);
    if (!intake->files)
        return error_set(error, "no memory");
    for (size_t i = 0; i < options->n_captures; i++)
        intake->has_pipe = intake->has_pipe || !is_regular(options->captures[i]);
    for (size_t i = 0; i < options->n_private_keys; i++) {
        const char *path = options->private_keys[i];
        if (!can_decrypt("private key", path, error) ||
            !private_key_file_read(&intake->private_keys[i], path, error))
            return false;
    }
    return !options->keylog || (can_decrypt("key log", options->keylog, error) &&
                                keylog_file_open(&intake->keylog, options->keylog, error));
}

void secret_intake_tell(struct secret_intake *intake, struct secret_taker taker)
{
    intake->taker = taker;
}

/* The block of the file that stands behind n others. */
static enum feed take(struct secret_intake *intake, const struct capture_item *item, size_t n,
                      struct engine *engine)
{
    const struct capture_secrets *secrets = &item->secrets;
    struct secret_intake_file *file = &intake->files[item->frame.origin.source];
    keylog_forbid_core();
    if (n >= file->n_told) {
        file->n_told = n + 1;
        if (intake->taker.take)
            intake->taker.take(intake->taker.ctx, secrets);
    }
    return secrets->type == TLS_KEY_LOG ? engine_secrets(engine, secrets->bytes) : FEED_OK;
}

enum feed secret_intake_take(struct secret_intake *intake, const struct capture_item *item,
                             struct engine *engine)
{
    return take(intake, item, intake->files[item->frame.origin.source].n_read++, engine);
}

/* What is wrong with the capture is told when it is read for its frames. */
static enum feed read_ahead(struct secret_intake *intake, size_t source, struct engine *engine)
{
    struct capture *capture = capture_open(intake->options->captures[source], signals_stop_flag());
    struct capture_item item;
    size_t n = 0;
    enum capture_result result = capture ? CAPTURE_IDLE : CAPTURE_NOMEM;
    enum feed fed = FEED_OK;
    while (result != CAPTURE_END && result != CAPTURE_NOMEM && fed == FEED_OK &&
           capture_can_hold_secrets(capture)) {
        result = capture_next(capture, &item);
        item.frame.origin.source = (uint32_t)source;
        if (result == CAPTURE_SECRETS)
            fed = take(intake, &item, n++, engine);
    }
    capture_close(capture);
    return result == CAPTURE_NOMEM ? FEED_NOMEM : fed;
}

static enum feed read_all_ahead(struct secret_intake *intake, struct engine *engine)
{
    const struct options *options = intake->options;
    enum feed fed = FEED_OK;
    for (size_t i = 0; i < options->n_captures && fed == FEED_OK; i++)
        if (is_regular(options->captures[i]))
            fed = read_ahead(intake, i, engine);
    if (!intake->has_pipe)
        engine_expect_secrets(engine, false);
    return fed;
}

bool secret_intake_begin(struct secret_intake *intake, struct engine *engine, struct error *error)
{
    const struct options *options = intake->options;
    bool is_last = !is_live(intake) && !intake->has_pipe;
    for (size_t i = 0; i < options->n_private_keys; i++)
        if (!private_key_file_give(&intake->private_keys[i], engine, error))
            return false;
    engine_expect_secrets(engine, !is_live(intake) || options->keylog);
    if (options->keylog && keylog_file_read(&intake->keylog, engine, is_last, error) != FEED_OK)
        return false;
    intake->is_done = is_live(intake) || engine_lacks_late(engine);
    if (is_live(intake) || !intake->is_done || read_all_ahead(intake, engine) == FEED_OK)
        return true;
    return error_set(error, "no memory for the secrets in the captures");
}

enum feed secret_intake_supply(struct secret_intake *intake, struct engine *engine,
                               struct error *error)
{
    if (is_live(intake))
        return FEED_OK;
    if (!intake->is_done && engine_lacks_secrets(engine)) {
        intake->is_done = true;
        return read_all_ahead(intake, engine);
    }
    if (intake->has_pipe && intake->keylog.path && ++intake->n_idle == FRAMES_BETWEEN_READS) {
        intake->n_idle = 0;
        return secret_intake_read_on(intake, engine, false, error) ? FEED_OK : FEED_STOP;
    }
    return FEED_OK;
}

bool secret_intake_read_on(struct secret_intake *intake, struct engine *engine, bool is_last,
                           struct error *error)
{
    *error = (struct error){.text = "no memory for what the key log holds"};
    if (!intake->keylog.path ||
        keylog_file_read(&intake->keylog, engine, is_last, error) == FEED_OK)
        return true;
    keylog_file_close(&intake->keylog);
    return false;
}

void secret_intake_close(struct secret_intake *intake)
{
    for (size_t i = 0; i < OPTIONS_MAX_PRIVATE_KEYS; i++)
        private_key_file_close(&intake->private_keys[i]);
    keylog_file_close(&intake->keylog);
    free(intake->files);
    intake->files = NULL;
}
