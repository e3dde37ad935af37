/* input: the bytes of one file or pipe, unpacked when they are compressed, as a window that moves
 * forward. Nothing ever seeks. What is wrong (no such file, read error, damaged compression) ends
 * the content early, and input_end says why once all bytes before it were taken.
 *
 * Offsets are those of the content; they are those of the file when it is not compressed. */
#pragma once

#include "capture/capture.h"
#include "capture/decompress.h"

/* Why no more bytes come. */
enum input_state {
    INPUT_READING,
    INPUT_EOF,     /* the regular end */
    INPUT_STOPPED, /* the user interrupted */
    INPUT_FAILED,  /* failure says how */
    INPUT_NOMEM,
};

/* Bytes [start, end) of ptr are filled. */
struct chunk {
    uint8_t *ptr;
    size_t capacity_bytes, start, end;
};

struct input { /* fields are private to input.c and the functions below */
    struct chunk window;
    uint64_t offset; /* of the window's start */
    enum input_state state;
    struct capture_error failure; /* why state is INPUT_FAILED; input_end tells it */
    bool is_failure_told;
    struct capture_error error; /* told last */
    const volatile sig_atomic_t *stop;
    int fd;
    bool is_file_end;
    uint64_t file_bytes;             /* read from fd so far */
    uint64_t total_bytes;            /* of a regular file, else 0 */
    bool is_pipe;                    /* or anything else of unknown size */
    const struct decompress *coding; /* NULL: the window holds the file's own bytes */
    void *decoder;
    bool is_between; /* coded content ended, and nothing or more of it follows */
    struct chunk packed;
};

/* Opens path ("-": standard input; error lines then say so). Always leaves in in a state that the
 * functions below and input_close take. path must stay until input_close. */
void input_open(struct input *in, const char *path, const volatile sig_atomic_t *stop);

/* When the content begins as a known coding does, unpacks it from here on. Call once, first. */
void input_unpack(struct input *in);

struct span input_peek_more(struct input *in, size_t n);

/* The next n bytes of the content without taking them, waiting for no more than them; fewer only
 * when no more come. Valid until the next call on in. */
static inline struct span input_peek(struct input *in, size_t n)
{
    const struct chunk *w = &in->window;
    if (n <= w->end - w->start)
        return (struct span){w->ptr + w->start, n};
    return input_peek_more(in, n);
}

/* Takes n bytes without giving them; true when there were so many. */
bool input_skip(struct input *in, uint64_t n);

/* Takes up to n bytes into dst, at least 1 unless no more come; returns how many. */
size_t input_read(struct input *in, uint8_t *dst, size_t n);

/* Fills in in->error and returns CAPTURE_DAMAGED. offset is in the content. printf-like. */
enum capture_result input_damaged(struct input *in, uint64_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What a reader answers when fewer bytes came than it needs: the input's own error once, then
 * CAPTURE_END; CAPTURE_END at once after a regular or wanted end. */
enum capture_result input_end(struct input *in);

void input_close(struct input *in);
