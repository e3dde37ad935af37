/* sheet: one -o at work: a renderer, and where its text goes.
 *
 * Of a run over files the text is written at once: a slow disk slows the reading, and nothing is
 * lost. A live run must not wait: every record and report is a piece for an outlet (outlet.h). */
#pragma once

#include "output/error.h"
#include "output/outlet.h"
#include "output/renderer.h"

struct sheet {
    const struct renderer *renderer;
    const char *path; /* NULL: a standard stream */
    bool is_stderr;
    struct render render; /* all but the writer is set by the owner */
    /* the rest is private */
    struct writer writer;
    struct outlet *outlet; /* live runs; NULL: the writer writes */
    bool is_coloured;
    int told_error;         /* of the outlet, in the last news */
    uint64_t told_lost;     /* lost pieces, then */
    uint64_t n_lost_before; /* pieces that could not be made */
};

/* Opens the file or stream and lets the renderer begin. False: error says why. */
bool sheet_open(struct sheet *sheet, bool is_live, bool is_coloured, struct error *error);

void sheet_document(struct sheet *sheet, const struct record *record);

/* Bytes for a renderer that is_packets; in a live run together with what was put since the last
 * sheet_end_piece. */
void sheet_put(struct sheet *sheet, struct span bytes);
void sheet_end_piece(struct sheet *sheet);

/* A report on the way, where the renderer can repeat it. */
void sheet_report(struct sheet *sheet, const struct report *report);

/* Whether somebody may still read it; standard error does not count. */
bool sheet_is_wanted(const struct sheet *sheet);

/* Pieces of a live run that were lost so far. */
uint64_t sheet_n_lost(const struct sheet *sheet);

/* Live runs: whether pieces began to be lost, or ceased to, since it was asked last; the text says
 * it. */
bool sheet_take_news(struct sheet *sheet, struct error *text);

/* Live runs: opens the path anew, so that a log can be rotated; what is there is kept. False: error
 * says why, and writing goes on where it was. */
bool sheet_reopen(struct sheet *sheet, struct error *error);

/* The last report, then the end. False: something could not be written, and error says what and
 * why. A reader that went away is no failure. */
bool sheet_finish(struct sheet *sheet, const struct report *report, struct error *error);

void sheet_close(struct sheet *sheet); /* also after sheet_finish */
